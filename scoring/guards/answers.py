"""Writes findings so that article, source and mark come from the legal parameters they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from scoring.guards.finding import Finding, Guard, Mark, Severity
from scoring.parameters import Parameter, Parameters

_FROM_SUREST = "PSR"


def finding(code: str, severity: Severity, rests_on: Sequence[Parameter], **values: Any) -> Finding:
    """A finding that rests on these legal values (at least one).

    Its mark is that of the least sure of them, and one that rests on a recalled value is at most `warn`.
    """
    mark = weakest_mark(rests_on)
    return Finding(
        code=code,
        severity="warn" if severity == "block" and mark == "R" else severity,
        article=_joined(line.reference.article for line in rests_on),
        values=values,
        source=_joined(line.reference.text for line in rests_on),
        mark=mark,
    )


def not_assessed(guard: Guard, missing: Iterable[str], parameters: Parameters) -> Finding:
    """The answer of a guard that lacks something: `missing` lists where in the case it would be."""
    return finding(guard.code, "not_assessed", [parameters.latest(guard.rests_on)], missing=sorted(set(missing)))


def weakest_mark(lines: Iterable[Parameter]) -> Mark:
    """The mark of the least sure line: R recalled, then S secondary, then P primary."""
    return max((line.mark for line in lines), key=_FROM_SUREST.index)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
