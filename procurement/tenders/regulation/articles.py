"""References to the law, as far as they were read: what is only recalled is never cited as law."""

from datetime import date

from procurement.citations import cited
from procurement.policies.references import LAW, READ_OR_REPORTED
from scoring.parameters import Parameter, find


def article(key: str, *, on: date) -> str:
    """The article of a legal value, in brackets after a space; "" when it is no law on that day, or only recalled."""
    line = find(key, on=on)
    return f" ({cited(line.reference.article)})" if line and carries_law(line) else ""


def carries_law(line: Parameter) -> bool:
    """A text in force or a judgment that was read (P) or reported (S)."""
    return line.mark in READ_OR_REPORTED and line.status in LAW
