"""What the reader of published criteria hands over: each notice as grids, or refused with its reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from procurement.tenders.reference.shapes import shape_of, weights_by_kind

ON_PRICE = ("price", "cost")


@dataclass(frozen=True, slots=True)
class PublishedCriterion:
    """One criterion of a grid: its words, its weight out of 100 (whole points), its kind.

    ``parent`` is the criterion it is a part of, as written, or "". ``by_words`` False = no word of the table is in it.
    """

    title: str
    weight: int
    kind: str
    parent: str = ""
    by_words: bool = True

    def as_json(self) -> dict[str, Any]:
        """As a grid keeps it; the weight as scoring writes numbers."""
        document = {"title": self.title, "weight": str(self.weight), "kind": self.kind, "by_words": self.by_words}
        return {**document, "parent": self.parent} if self.parent else document


@dataclass(frozen=True, slots=True)
class PublishedGrid:
    """The criteria of one lot (or of lots that share them), which total 100. ``lots`` as named: "1", "2, 3", or ""."""

    lots: str
    criteria: tuple[PublishedCriterion, ...]
    rows: int  # of the file, parents that were dropped included

    def shape(self) -> str:
        return shape_of(criterion.as_json() for criterion in self.criteria)

    def price_weight(self) -> int:
        """The points of price and cost together."""
        weights = weights_by_kind(criterion.as_json() for criterion in self.criteria)
        return int(sum(weights.get(kind, 0) for kind in ON_PRICE))


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as published: who buys, where, when (YYYY-MM), how; ``number`` is "" where the file gives none."""

    number: str
    month: str
    buyer: str
    postcode: str
    town: str
    health: bool
    procedure: str


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """What became of a notice: ``repair`` (a key of REPAIRS) made its grids, or ``reason`` (of REASONS) refused it.

    Both "" = kept as it stands. ``total`` is the sum of the weights, None where one could not be read.
    """

    notice: Notice
    first_row: int
    rows: int
    total: int | None
    grids: tuple[PublishedGrid, ...] = ()
    repair: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceReading:
    """One reading of a file of ``source``; ``sha256`` is that of its bytes."""

    source: str
    sha256: str
    notices: tuple[ReadNotice, ...] = field(repr=False)

    def counts(self) -> dict[str, Any]:
        """Rows and notices read = kept + repaired + refused, repairs and refusals by reason; grids; kinds."""
        criteria = [criterion for read in self.notices for grid in read.grids for criterion in grid.criteria]
        return {
            "rows": _fates(self.notices, rows=True),
            "notices": _fates(self.notices, rows=False),
            "grids": sum(len(read.grids) for read in self.notices),
            "kinds": dict(Counter(criterion.kind for criterion in criteria).most_common()),
            "without_a_word": sum(not criterion.by_words for criterion in criteria),
        }


def _fates(notices: Iterable[ReadNotice], *, rows: bool) -> dict[str, Any]:
    kept, repaired, refused = 0, Counter[str](), Counter[str]()
    for read in notices:
        number = read.rows if rows else 1
        if read.reason:
            refused[read.reason] += number
        elif read.repair:
            repaired[read.repair] += number
        else:
            kept += number
    total = kept + repaired.total() + refused.total()
    return {
        "read": total,
        "kept": kept,
        "repaired": dict(sorted(repaired.items())),
        "refused": dict(sorted(refused.items())),
    }
