"""What the pages of the corpus and of the templates show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from procurement.tenders.models import Criterion, ReferenceGrid
from procurement.tenders.present import FORMULAS
from procurement.tenders.reference import shapes
from procurement.tenders.reference.reasons import REASONS, REPAIRS

MOST_SHAPES = 8
FATES = {"kept": _("kept"), "repaired": _("repaired"), "refused": _("refused")}


@dataclass(frozen=True, slots=True)
class ShownShape:
    """A shape with its words, and how many notices have it."""

    key: str
    told: str
    notices: int


@dataclass(frozen=True, slots=True)
class ShownGrid:
    """A grid of the corpus with its words."""

    grid: ReferenceGrid
    month: str
    shape: str
    repair: str
    criteria: list[dict[str, Any]]


def grid(found: ReferenceGrid) -> ShownGrid:
    """``found`` with its month, its shape, its repair and the kinds of its criteria in the reader's words."""
    return ShownGrid(
        found, _month(found.month), shapes.told(found.shape), str(REPAIRS.get(found.repair, "")),
        [criterion | {"kind": kind_of(criterion)} for criterion in found.criteria],
    )  # fmt: skip


def criterion_of(written: dict[str, Any]) -> dict[str, Any]:
    """A criterion of a template's lot with its kind and formula in the reader's words."""
    return written | {"kind": kind_of(written), "formula": str(FORMULAS[written["formula"]])}


def kind_of(criterion: dict[str, Any]) -> str:
    """The kind of a criterion in the reader's words."""
    return str(Criterion.Kind(criterion["kind"]).label)


def frequent_shapes(grids: QuerySet[ReferenceGrid]) -> list[ShownShape]:
    """The shapes found in the most notices of ``grids``, the most frequent first; one query."""
    counted = grids.order_by().values("shape").annotate(notices=Count("notice", distinct=True))
    return [
        ShownShape(row["shape"], shapes.told(row["shape"]), row["notices"])
        for row in counted.order_by("-notices", "shape")[:MOST_SHAPES]
    ]


def fates(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """The table of an import: what became of its notices and rows, repairs and refusals with their sentences."""
    notices, rows = counts["notices"], counts["rows"]
    table = [{"fate": FATES["kept"], "sentence": "", "notices": notices["kept"], "rows": rows["kept"]}]
    for fate, sentences in (("repaired", REPAIRS), ("refused", REASONS)):
        table += [
            {"fate": FATES[fate], "sentence": sentences[reason], "notices": number, "rows": rows[fate][reason]}
            for reason, number in notices[fate].items()
        ]
    return table


def _month(written: str) -> str:
    """YYYY-MM in words; anything else as the file has it."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        return written
    return str(format_date(first, "MMMM y", locale="en_GB" if get_language() == "en" else "fr_FR"))
