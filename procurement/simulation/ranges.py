"""The ranges of a box: what of a policy lies anywhere between two values, and what makes a question of them unfit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from procurement.simulation.parameters import Parameter, parameters
from procurement.simulation.scenarios import require_policy, unfit
from scoring.numbers import decimal, is_decimal
from scoring.portfolio.scenario import Scenario

MOST = 10_000  # samples of a box
MOST_SEED = 2**32 - 1

Range = Mapping[str, str]  # {"path": "measures.european_points.amount", "low": "0", "high": "10"}
Document = Mapping[str, Any]


def movable(document: Document) -> dict[str, Parameter]:
    """The values of a policy that can change a winner, by path, in its order: those of a cash-back change none."""
    return {path: each for path, each in parameters(document).items() if not path.startswith("cashback.")}


def require_ranges(ranges: Sequence[Range], document: Document) -> None:
    """Raises Invalid with what is wrong, where, and what would be right."""
    known = movable(document)
    if not ranges or len({each["path"] for each in ranges}) < len(ranges):
        raise unfit(
            _("Write the lowest and the highest value of at least one value of the policy, each one once."), "/ranges"
        )
    for place, each in enumerate(ranges):
        if each["path"] not in known:
            sentence = _("No value of the policy that changes winners is called %(path)s.") % {"path": each["path"]}
            raise unfit(sentence, f"/ranges/{place}/path")
        _require_rising(each, known[each["path"]], f"/ranges/{place}")
    for end in ("low", "high"):
        require_policy(Scenario({each["path"]: each[end] for each in ranges}), document, "/ranges")


def box_of(ranges: Sequence[Range]) -> dict[str, tuple[Fraction, Fraction]]:
    """By path the lowest and the highest value, as the library takes them."""
    return {each["path"]: (decimal(each["low"]), decimal(each["high"])) for each in ranges}


def _require_rising(range_: Range, parameter: Parameter, pointer: str) -> None:
    ends = [range_["low"], range_["high"]]
    for end in ends:
        if not is_decimal(end):
            raise unfit(_("“%(text)s” is no number: write the ends of a range as decimals.") % {"text": end}, pointer)
    if Decimal(ends[0]) > Decimal(ends[1]):
        raise unfit(
            _("%(name)s is to go from %(low)s to %(high)s: write the lowest value first.")
            % {"name": parameter.name, "low": parameter.shown(ends[0]), "high": parameter.shown(ends[1])},
            pointer,
        )
