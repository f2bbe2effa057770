"""Barème's scoring engine: pure, exact, a library and `python -m scoring` (specification version 1).

>>> sheet = evaluate(case_document)          # raises InvalidDocument
>>> report = validate(case_or_policy)        # Report(errors, warnings)
>>> amounts = ration(scheme, awards)         # [{"id", "amount"}, …]
"""

from __future__ import annotations

from scoring.canonical import canonical, sha256
from scoring.case_reading import validate
from scoring.engine import evaluate, evaluate_with_law
from scoring.problems import InvalidDocument, Problem, Report
from scoring.rationing import dues, ration

SPECIFICATION = 1
__version__ = "0.1.0"

__all__ = [
    "SPECIFICATION",
    "InvalidDocument",
    "Problem",
    "Report",
    "__version__",
    "canonical",
    "dues",
    "evaluate",
    "evaluate_with_law",
    "ration",
    "sha256",
    "validate",
]
