"""A CSV file as rows: columns checked first, every row numbered, nothing converted yet."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


class UnreadableFile(Exception):
    """A file that cannot be read as it should; the message is one sentence for the person at the command line."""


@dataclass(frozen=True, slots=True)
class Row:
    """Row `number` (1 = the first below the header, empty lines counted) with its cells as written."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def whole(self) -> tuple[str, ...]:
        """Every cell, to find rows that are the same cell for cell."""
        return tuple(self.cells.values())


def read(path: Path, columns: tuple[str, ...]) -> tuple[list[Row], bytes]:
    """The rows of a CSV file (UTF-8, comma, header) that has at least `columns`, and the bytes it was read from.

    Empty lines are no rows. Raises UnreadableFile, of a file without a row too: it says nothing.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path} is not UTF-8 text (byte {error.start}): save it as CSV with UTF-8 encoding."
        ) from error
    if "\x00" in text:
        raise UnreadableFile(f"{path} holds a NUL character (line {_line_of(text, chr(0))}): it is no text file.")
    rows = list(_rows(path, text, columns))
    if not rows:
        raise UnreadableFile(f"{path} holds its header alone: give at least one row below it.")
    return rows, content


def _line_of(text: str, character: str) -> int:
    return text.count("\n", 0, text.index(character)) + 1


def _rows(path: Path, text: str, columns: tuple[str, ...]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not any(header):
            raise UnreadableFile(f"{path} is empty: the first row must name {', '.join(columns)}.")
        missing = [column for column in columns if column not in header]
        if missing:
            raise UnreadableFile(
                f"{path} lacks the column {missing[0]!r}: the first row must name {', '.join(columns)}, "
                "with a comma between."
            )
        twice = [column for column in columns if header.count(column) > 1]
        if twice:
            raise UnreadableFile(f"{path} has the column {twice[0]!r} more than once: which one counts is not known.")
        for number, cells in enumerate(reader, start=1):
            if not cells:
                continue
            if len(cells) != len(header):
                raise UnreadableFile(
                    f"{path}, row {number}: {len(cells)} cells where the header has {len(header)}; "
                    "each row must have one cell per column."
                )
            yield Row(number, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise UnreadableFile(f"{path}, line {reader.line_num}: not CSV ({error}).") from error


def digest(*contents: bytes) -> str:
    """SHA-256 over several files: of the concatenation of their SHA-256 digests, in order."""
    return hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()
