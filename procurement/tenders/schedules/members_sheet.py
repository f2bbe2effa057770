"""The empty sheet on which a tenderer names who makes its bid with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter.worksheet import Worksheet

from procurement.registry.models import Supplier
from procurement.tenders.documents import MOST_MEMBERS
from procurement.tenders.models import Bid, ConsortiumMember
from procurement.tenders.schedules.layout import FIRST, FORM_COLUMN, FORM_ROW, HEAD, NAMES, Member, Sheet, place

PERCENT = "0.##"
FORM = gettext_lazy("Form of the consortium (CCP R2142-20)")
LISTS: dict[type[TextChoices], int] = {Bid.Consortium: 4, ConsortiumMember.Role: 5, Supplier.OriginBasis: 6}  # columns
HEADS = {
    Bid.Consortium: FORM,
    ConsortiumMember.Role: gettext_lazy("Role"),
    Supplier.OriginBasis: gettext_lazy("What its origin rests on"),
}


@dataclass(frozen=True, slots=True)
class MembersSheet:
    """The page while it is written, with the looks of its workbook; ``given`` makes a cell to be filled in."""

    page: Worksheet
    head: Any
    text: Any
    given: Callable[[str], Any]
    countries: dict[str, Any]

    def write(self) -> None:
        """Every row for an operator, each cell with the list of what is due there."""
        self.page.set_column(0, Member.EVIDENCE - 1, 26)
        self.page.write_string(FORM_ROW - 1, 0, str(FORM), self.text)
        self.page.write_blank(FORM_ROW - 1, FORM_COLUMN - 1, None, self.given("@"))
        self.page.data_validation(FORM_ROW - 1, FORM_COLUMN - 1, FORM_ROW - 1, FORM_COLUMN - 1, _listed(Bid.Consortium))
        self.page.write_row(HEAD - 1, 0, _heads(), self.head)
        self.page.freeze_panes(HEAD, 1)
        self.page.repeat_rows(HEAD - 1)
        self.page.set_landscape()
        last = FIRST + MOST_MEMBERS - 2
        for column, rule in self._rules().items():
            self.page.data_validation(FIRST - 1, column - 1, last, column - 1, rule)
        for row in range(FIRST - 1, last + 1):
            for column in Member:
                self.page.write_blank(row, column - 1, None, self.given(PERCENT if column == Member.SHARE else "@"))

    def _rules(self) -> dict[Member, dict[str, Any]]:
        return {
            Member.ADDRESS: self.countries,
            Member.ROLE: _listed(ConsortiumMember.Role),
            Member.SHARE: {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
            Member.ORIGIN: self.countries,
            Member.BASIS: _listed(Supplier.OriginBasis),
        }


def _heads() -> list[str]:
    return [
        _("Operator"),
        _("SIRET number, or the number of the register of its country"),
        _("Country of the address"),
        _("Role"),
        _("Share of the contract, in percent"),
        _("Country of origin of the operator (Regulation (EU) 2022/1031, art. 3)"),
        _("What its origin rests on"),
        _("What shows it"),
    ]


def write_lists(page: Worksheet, head: Any) -> None:
    """The words of the lists, on the sheet of lists: some hold commas, which a list inside a cell takes for its end."""
    for choices, column in LISTS.items():
        page.set_column(column - 1, column - 1, 50)
        page.write_string(HEAD - 1, column - 1, str(HEADS[choices]), head)
        for row, each in enumerate(choices, FIRST):
            page.write_string(row - 1, column - 1, str(each.label))


def _listed(choices: type[TextChoices]) -> dict[str, Any]:
    first, last = (_fixed(LISTS[choices], row) for row in (FIRST, FIRST + len(choices) - 1))
    return {"validate": "list", "source": f"='{NAMES[Sheet.LISTS]}'!{first}:{last}"}


def _fixed(column: int, row: int) -> str:
    """`$D$5`: the address of a cell in a formula that may be copied."""
    return f"${place(column, row).removesuffix(str(row))}${row}"
