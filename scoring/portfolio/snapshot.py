"""An archive snapshot: past lots and their bids as columns of one immutable Parquet file, known by its SHA-256.

A row is a lot; its bids are a list in it, so that a column of all bids lies in one piece. Suppliers stand under
pseudonyms. There are no line prices: of a bid's lines the snapshot keeps how its value is made up of countries and
assurances, in whole numbers without a unit, which is all that a policy can read of them.

Numbers are exact: prices are decimals of cents, marks decimals of twelve places, the rest texts.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.case import Tender
from scoring.numbers import decimal
from scoring.policy import Assurance
from scoring.portfolio.problems import BadSnapshot
from scoring.problems import gettext_noop

SCHEMA = "bareme-archive/1"
ASSURANCES: tuple[Assurance, ...] = ("declared", "documented", "verified")
MARK_DECIMALS = 12
_ORIGINS = pa.list_(
    pa.field("element", pa.struct([("country", pa.string()), ("assurance", pa.int8()), ("part", pa.string())]))
)
_EVIDENCE = pa.list_(
    pa.field("element", pa.struct([("indicator", pa.string()), ("value", pa.string()), ("assurance", pa.int8())]))
)
BID = pa.struct(
    [
        ("id", pa.string()),
        ("supplier", pa.string()),  # a pseudonym
        ("country", pa.string()),  # the operator's origin; null = unknown
        ("admissible", pa.bool_()),
        ("submitted_at", pa.timestamp("ms", "UTC")),
        ("price", pa.decimal128(20, 2)),
        ("cost", pa.decimal128(20, 2)),
        (
            "marks",
            pa.list_(pa.field("element", pa.decimal128(30, MARK_DECIMALS))),
        ),  # of the criteria with a scale, in order
        ("origins", _ORIGINS),  # country null = unknown; empty = a bid without lines
        ("evidence", _EVIDENCE),
        ("rank", pa.int32()),  # as recorded when the lot was scored; null = not ranked
    ]
)
LOT = pa.schema(
    [
        ("id", pa.string()),
        ("hospital", pa.string()),
        ("country", pa.string()),  # of the buyer
        ("awarded_on", pa.date32()),
        ("launched_on", pa.date32()),
        ("cpv", pa.string()),
        ("estimated_value", pa.string()),
        ("currency", pa.string()),
        ("decimals", pa.int8()),
        ("criteria", pa.string()),  # JSON, as the case document has them
        ("tie_break", pa.string()),  # names, separated by a space
        ("policy", pa.string()),  # JSON of the policy the lot was scored under; null = plain
        ("bids", pa.list_(pa.field("element", BID))),
    ]
)
TEXTS = ["hospital", "country", "cpv", "currency", "criteria", "tie_break", "policy"]  # each said by many lots
GROUP = 2_000  # lots that are read together when one is


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an archive comes from and what its columns mean: every figure made of it repeats this."""

    title: str
    source: str
    licence: str
    origin_of: Literal["goods", "bidders", "unknown"]
    marks: Literal["real", "simulated", "none"]
    weights: Literal["real", "simulated"]


class Snapshot:
    """An archive snapshot: a file mapped into memory, whose columns are read when they are asked for and not kept."""

    def __init__(self, path: Path, sha256: str) -> None:
        self.path = path
        self.sha256 = sha256
        mapped = pa.memory_map(str(path))  # once for both: pages that are mapped twice count twice
        self._file = pq.ParquetFile(mapped)
        self._texts = pq.ParquetFile(mapped, metadata=self._file.metadata, read_dictionary=TEXTS)
        self._reading = threading.Lock()  # a reader of columns is not for two threads at once
        self.provenance = Provenance(**json.loads(self._file.schema_arrow.metadata[b"provenance"]))
        groups = [self._file.metadata.row_group(group).num_rows for group in range(self._file.num_row_groups)]
        self._group_starts = np.concatenate([[0], np.cumsum(groups)]).astype(np.int64)

    @classmethod
    def read(cls, path: Path, *, sha256: str | None = None) -> Snapshot:
        """The snapshot in a file. Raises BadSnapshot when it is none, or not the one of that SHA-256."""
        if not path.is_file():
            raise BadSnapshot(
                gettext_noop("The archive snapshot %(name)s is not on this machine: copy it to %(folder)s."),
                name=path.name,
                folder=path.parent,
            )
        found = sha256_of(path)
        if sha256 is not None and found != sha256:
            raise BadSnapshot(
                gettext_noop(
                    "The archive snapshot %(name)s has the SHA-256 %(found)s, and %(wanted)s was asked for: it is "
                    "another archive, or it was changed."
                ),
                name=path.name,
                found=found,
                wanted=sha256,
            )
        try:
            schema = pq.read_schema(path, memory_map=True)
        except (pa.ArrowException, OSError) as error:
            raise BadSnapshot(
                gettext_noop("%(name)s is not a Parquet file: %(problem)s"), name=path.name, problem=error
            ) from error
        if (schema.metadata or {}).get(b"schema") != SCHEMA.encode() or not schema.equals(LOT):
            raise BadSnapshot(
                gettext_noop("%(name)s is not an archive snapshot of the form %(form)s."), name=path.name, form=SCHEMA
            )
        return cls(path, found)

    @staticmethod
    def write(rows: Iterable[Mapping[str, Any]], provenance: Provenance, path: Path) -> str:
        """Write the rows (`rows.lot_of`) as a snapshot; its SHA-256. The file appears whole or not at all.

        The titles of criteria stand beside the columns, where there are any: lots that differ in titles alone share
        their rules, and a file without titles is what it was before there were any.
        """
        metadata = {"schema": SCHEMA, "provenance": json.dumps(asdict(provenance), ensure_ascii=False, sort_keys=True)}
        schema = LOT.with_metadata(metadata)
        partial = path.with_name(f"{path.name}.partial")
        with pq.ParquetWriter(partial, schema, compression="none", use_dictionary=TEXTS) as writer:
            batch: list[Mapping[str, Any]] = []
            titles: dict[str, Mapping[str, str]] = {}
            for row in rows:
                if row.get("titles"):
                    titles[row["id"]] = row["titles"]
                batch.append(row)
                if len(batch) == GROUP:
                    writer.write_table(pa.Table.from_pylist(batch, schema))
                    batch = []
            writer.write_table(pa.Table.from_pylist(batch, schema))
            if titles:
                writer.add_key_value_metadata({"titles": json.dumps(titles, ensure_ascii=False, sort_keys=True)})
        partial.replace(path)
        return sha256_of(path)

    def __len__(self) -> int:
        return int(self._group_starts[-1])

    @cached_property
    def titles(self) -> dict[str, dict[str, str]]:
        """By id of a lot, the titles of its criteria by their ids, where the source has any."""
        found: dict[str, dict[str, str]] = json.loads((self._file.metadata.metadata or {}).get(b"titles", b"{}"))
        return found

    def rows(self, lot: int) -> list[dict[str, Any]]:
        """The row of one lot, in a list; a group of rows is read, and kept until one of another group is asked for."""
        group = int(np.searchsorted(self._group_starts, lot, side="right")) - 1
        return list(self._group(group).slice(lot - int(self._group_starts[group]), 1).to_pylist())

    def _group(self, group: int) -> pa.Table:
        with self._reading:
            if self._kept is None or self._kept[0] != group:
                self._kept = group, self._file.read_row_group(group)
            return self._kept[1]

    _kept: tuple[int, pa.Table] | None = None

    def lot(self, name: str) -> pa.Array:
        """A column of the lots."""
        return self._column(name)

    def coded(self, name: str) -> tuple[np.ndarray, list[str | None]]:
        """A column of the lots' texts as it lies in the file: per lot a code, and the text, or null, of each code."""
        with self._reading:
            column = _one(self._texts.read(columns=[name]).column(0).unify_dictionaries())
        texts = column.dictionary.to_pylist()
        if not column.null_count:
            return np.asarray(column.indices).astype(np.int64), texts
        return np.asarray(column.indices.fill_null(len(texts))).astype(np.int64), [*texts, None]

    def bid(self, name: str) -> pa.Array:
        """A column of all bids, lot after lot."""
        return self._bids(name).values.field(0)

    @cached_property
    def offsets(self) -> np.ndarray:
        """Where the bids of each lot begin, and where the last end: int64, one more than there are lots."""
        return np.array(self._bids("admissible").offsets, dtype=np.int64)

    def _bids(self, name: str) -> pa.ListArray:
        return self._column(f"bids.list.element.{name}")

    def _column(self, path: str) -> pa.Array:
        with self._reading:
            return _one(self._file.read(columns=[path]).column(0))

    @property
    def bids(self) -> int:
        """How many bids there are."""
        return int(self.offsets[-1])

    @cached_property
    def lot_of_bid(self) -> np.ndarray:
        """The lot of each bid."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


def tender_of(launched_on: date | None, cpv: str | None, estimated_value: str | None) -> Tender:
    """What predicates read of a lot's tender."""
    value = None if estimated_value is None else decimal(estimated_value)
    return Tender(id="", currency="", launched_on=launched_on, cpv=cpv, estimated_value=value)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _one(column: pa.ChunkedArray) -> pa.Array:
    if not column.num_chunks:
        return pa.array([], column.type)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
