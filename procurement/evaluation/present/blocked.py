"""What stands in the way of an award."""

from procurement.evaluation import blocks
from procurement.evaluation.present.findings import Shown, shown
from procurement.evaluation.present.reading import Reading
from procurement.tenders.models import Lot


def standing_of(lot: Lot, code: str | None = None) -> list[Shown]:
    """The blocks of the latest published sheet that nobody has lifted; only those of ``code`` when one is given."""
    sheet = lot.sheets.published().last()
    if sheet is None:
        return []
    found = blocks.standing(sheet.sheet, lot.lifted_blocks.all())
    return shown([finding for finding in found if code in (None, finding["code"])], Reading.of(sheet, lot))
