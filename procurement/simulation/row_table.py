"""What became of the rows of an import, as lines for the command line."""

from collections.abc import Iterator, Mapping
from typing import Any

from procurement.simulation.reasons import REASONS


def row_table(counts: Mapping[str, Any]) -> Iterator[str]:
    """Per file: rows read, kept, merged and refused, the last two by reason, in the language that is active."""
    for file, count in counts["files"].items():
        yield f"{file}: {count['read']} rows read"
        yield _line("kept", count["kept"])
        for fate in ("merged", "refused"):
            yield _line(fate, sum(count[fate].values()))
            for reason, number in count[fate].items():
                yield f"          {number:>7}  {REASONS[reason]}"


def _line(what: str, number: int) -> str:
    return f"  {what:<8}{number:>7}"
