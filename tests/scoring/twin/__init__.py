"""The slow, obvious twin of the scoring engine, written from the specification alone.

Nothing here is imported from `scoring`, nothing is cached, and every question ("what if this bid were
withdrawn?") is answered by scoring the whole case again. Its only purpose is to disagree with the engine when
one of them is wrong.
"""

from .cashback import dues, ration
from .checking import check_case, check_policy, check_scheme
from .sheet import sheet

__all__ = ["check_case", "check_policy", "check_scheme", "dues", "ration", "sheet"]
