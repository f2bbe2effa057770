"""The files that workers leave, read by pages: the lots a scenario changes, the switches of a step curve, the
lots of a box.

The reader of Parquet is loaded when a page asks for a file, not when the portal starts. Rows are read where they are
shown.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

from django.utils.translation import gettext as _

from procurement.people.refusals import Refused
from procurement.simulation.bindings import is_there
from procurement.simulation.models import ArchiveSnapshot, Box, Look, Sweep

Row = dict[str, Any]
FAMILY = 3  # digits of a CPV code: its group


class Rows(Sequence[Row]):
    """The rows of a file, in its order; a slice reads no more than itself."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        start, stop, _step = place.indices(len(self))
        return list(self._table.slice(start, max(stop - start, 0)).to_pylist())

    def __iter__(self) -> Iterator[Row]:
        return iter(self._table.to_pylist())


class ChangedLots(Rows):
    """The rows of a look's file that fit, in the order of the archive."""

    def __init__(self, look: Look, *, hospital: str = "", family: str = "", country: str = "") -> None:
        """`hospital`: a part of its name; `family`: the first digits of a CPV code; `country`: of the new winner.

        Raises Refused when the file is not on this machine, or is another one.
        """
        import pyarrow.compute as pc

        table = _table(look.path, look.file_sha256)
        if hospital:
            table = table.filter(pc.match_substring(table["hospital"], hospital, ignore_case=True))
        if family:
            table = table.filter(pc.starts_with(table["cpv"], family))
        if country:
            table = table.filter(pc.equal(table["after_country"], country.upper()))
        super().__init__(table)


class Switches(Rows):
    """The rows of the file of a step curve: each change of a winner, in the order of the amounts."""

    def __init__(self, sweep: Sweep) -> None:
        """Raises Refused when the file is not on this machine, or is another one."""
        super().__init__(_table(sweep.curve_path, sweep.curve_file_sha256))


class BoxLots(Rows):
    """The lots of a box that fit, the least steady first."""

    def __init__(self, box: Box, *, lot: str = "", hospital: str = "") -> None:
        """`lot`: a part of its key; `hospital`: of its name. Raises Refused when the file is not on this machine."""
        import pyarrow.compute as pc

        table = _table(box.path, box.file_sha256)
        for column, part in (("lot", lot), ("hospital", hospital)):
            if part:
                table = table.filter(pc.match_substring(table[column], part, ignore_case=True))
        super().__init__(table)


def box_lot(box: Box, number: int) -> Row | None:
    """The row of one lot of a box, None when the archive has none. Raises Refused without the file."""
    return _numbered(_table(box.path, box.file_sha256), number, box.snapshot)


def changed_lot(look: Look, number: int) -> Row | None:
    """The row of one lot of the archive, None when the scenario does not change it. Raises Refused without the file."""
    return _numbered(_table(look.path, look.file_sha256), number, look.sweep.snapshot)


def _numbered(table: Any, number: int, snapshot: ArchiveSnapshot) -> Row | None:
    import pyarrow.compute as pc

    if number >= snapshot.lots:  # an address may have more digits than a column takes
        return None
    rows: list[Row] = table.filter(pc.equal(table["number"], number)).to_pylist()
    return rows[0] if rows else None


def _table(path: Path, sha256: str) -> Any:
    import pyarrow.parquet as pq

    place = {"name": path.name, "folder": path.parent}
    if not path.is_file():
        raise Refused(_("The file of this list, %(name)s, is not on this machine: copy it to %(folder)s.") % place)
    if not is_there(path, sha256):
        raise Refused(
            _("The file of this list, %(name)s, is not what it was: put the one back that was in %(folder)s.") % place
        )
    return pq.read_table(path, memory_map=True)
