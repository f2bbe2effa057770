"""Published grids as the corpus keeps them, made up."""

from procurement.tenders.models import ReferenceGrid
from procurement.tenders.reference.reading import (
    Notice,
    PublishedCriterion,
    PublishedGrid,
    ReadNotice,
    ReferenceReading,
)
from procurement.tenders.services import keep_reference

PRICE = PublishedCriterion("Prix", 60, "price")
QUALITY = PublishedCriterion("Qualité : essais", 30, "quality", parent="Qualité")
ENVIRONMENT = PublishedCriterion("Emballages", 10, "environment")


def notice(
    number: str, *criteria: PublishedCriterion, buyer: str = "CH de Nantes", health: bool = True, procedure: str = ""
) -> ReadNotice:
    """A notice of one lot, kept as it stands."""
    grid = PublishedGrid("", criteria or (PRICE, QUALITY, ENVIRONMENT), len(criteria) or 3)
    return ReadNotice(
        Notice(number, "2021-02", buyer, "44000", "Nantes", health, procedure), 1, grid.rows, 100, (grid,)
    )


def keep(*notices: ReadNotice, sha256: str = "a" * 64) -> None:
    keep_reference(reading=ReferenceReading("boamp", sha256, notices), by=None)


def grid() -> ReferenceGrid:
    """One grid in a corpus of its own."""
    keep(notice("21-1"))
    return ReferenceGrid.objects.get()
