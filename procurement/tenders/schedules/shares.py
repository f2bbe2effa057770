"""The shares of one whole, in percent: 70, or 70 % in a cell that shows a percentage and holds 0.7."""

from decimal import Decimal

from django.utils.translation import gettext as _

from procurement.tenders.schedules.cells import Page, Problem


class Shares:
    """The shares in a column of a sheet that belong to one whole, as they are read row by row."""

    def __init__(self, page: Page, column: int) -> None:
        self.page, self.column = page, column
        self.bare: dict[int, Decimal] = {}  # by row those without the sign of a percentage
        self.signed = False

    def read(self, row: int) -> Decimal | None:
        """The share in percent; None for an empty cell and for what is told."""
        percent = self.page.percent(self.column, row)
        if percent is not None and self.page.shows_percentage(self.column, row):
            self.signed = True
        elif percent is not None:
            self.bare[row] = percent
        return percent

    def doubtful(self) -> list[Problem]:
        """What may be meant a hundred times as large, each at its cell; where all of them make 1 they are refused."""
        if self.bare and not self.signed and sum(self.bare.values()) == 1:
            sentence = _(
                "These shares add up to 1, as parts of one do: write them in percent, 70 for 70%. Where 1% is meant, "
                "give the cell the format of a percentage."
            )
            self.page.refuse(self.column, next(iter(self.bare)), sentence)
            return []
        small = [(row, percent) for row, percent in self.bare.items() if 0 < percent <= 1]
        return [{"pointer": self.page.at(self.column, row), "message": _doubt(percent)} for row, percent in small]


def _doubt(percent: Decimal) -> str:
    told = {"read": format(percent, "f"), "perhaps": format((percent * 100).normalize(), "f")}
    return _("This share is read as %(read)s%%; where %(perhaps)s%% is meant, the file is to be corrected.") % told
