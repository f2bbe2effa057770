"""What becomes of each row of foreign files, collected while they are read."""

from procurement.interchange.csv_files import Row
from procurement.simulation.models import ImportedRow
from procurement.simulation.reading import RowFate

KEPT, MERGED, REFUSED = ImportedRow.Outcome.KEPT, ImportedRow.Outcome.MERGED, ImportedRow.Outcome.REFUSED


class Fates:
    """A row ends once: the first end counts."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, int], RowFate] = {}

    def end(self, file: str, row: Row, outcome: ImportedRow.Outcome, reason: str = "") -> None:
        self._of.setdefault((file, row.number), RowFate(file, row.number, outcome, reason))

    def in_order(self) -> tuple[RowFate, ...]:
        return tuple(self._of[key] for key in sorted(self._of))
