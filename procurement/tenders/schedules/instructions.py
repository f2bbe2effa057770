"""What a tenderer is told on the first sheet of a price schedule, in the language of the file."""

from django.utils.translation import gettext as _

from procurement.tenders.models import Lot, Tender
from procurement.tenders.schedules import layout
from procurement.tenders.schedules.asked import indicators


def sentences(lot: Lot) -> list[str]:
    """The instructions, one sentence or two to a row."""
    names = {sheet.value: str(name) for sheet, name in layout.NAMES.items()}
    told = [
        _("Fill in the yellow cells of the sheets %(tenderer)s, %(prices)s and %(origins)s; the others are protected.")
        % names,
        _(
            "Give the unit price of every item as a number. Amounts and total are computed for your convenience: "
            "bids are compared on quantity × unit price."
        ),
        _(
            "On the sheet %(origins)s, write one row for each country that goods of an item originate in, with its "
            "share of the value of the item, in percent. What is missing to 100 counts as unknown."
        )
        % names,
        _(
            "If you do not bid alone, you are the leader: on the sheet %(members)s, name the other members of your "
            "consortium and your subcontractors, with the origin of each operator and what shows it."
        )
        % names,
        _("Countries are written as their two-letter codes: see the sheet %(lists)s.") % names,
        _(
            "No formula, date or text where a number is due; no merged cells, no hidden rows, columns or sheets; no "
            "macros and no password on the file. Save it as XLSX or ODS."
        ),
        _("This file is for this lot and for these published rules alone: a schedule of another lot is not read."),
    ]
    if indicators(lot):
        told.insert(
            1,
            _(
                "On the sheet %(evidence)s, give what you can prove, and the last day on which a certificate is valid; "
                "an empty row counts as no evidence."
            )
            % names,
        )
    if lot.tender.technique == Tender.Technique.FRAMEWORK:
        told.append(_("The quantities are estimates that serve to compare bids; they bind nobody to buy as much."))
    return told
