"""The empty price schedule of a published lot: what tenderers fill in, with everything else protected."""

import io
from typing import Any

from babel import Locale
from django.utils import translation
from django.utils.text import capfirst, slugify
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from procurement.policies.seeded_texts import indicator_name
from procurement.tenders.models import Item, Lot
from procurement.tenders.models.bid import Assurance
from procurement.tenders.rules import quantities_of
from procurement.tenders.schedules import layout
from procurement.tenders.schedules.asked import has_cost, indicators, kinds
from procurement.tenders.schedules.heights import fit
from procurement.tenders.schedules.instructions import sentences
from procurement.tenders.schedules.layout import FIRST, HEAD, Sheet, place
from procurement.tenders.schedules.members_sheet import MembersSheet, write_lists
from scoring.countries import COUNTRIES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORIGINS_PER_ITEM = 5
ORIGINS_AT_LEAST = 40
MONEY, PERCENT, PRICE, DAY = "#,##0.00", "0.##", "#,##0.00####", "yyyy-mm-dd"
LONGEST_LIST = 255  # characters that a spreadsheet program takes as the choices of a cell, commas between them
# A cell a program has not computed yet states nothing.
NOT_COMPUTED = ""


def file_name(lot: Lot, language: str) -> str:
    """In ASCII, whatever the reference of the tender."""
    return f"{slugify(lot.tender.reference) or lot.tender_id}-{lot.number}-{language}.xlsx"


def empty_schedule(lot: Lot, language: str) -> bytes:
    """The XLSX file of a published ``lot``, its words in ``language``; three queries, whatever the number of items."""
    content = io.BytesIO()
    with translation.override(language), Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": str(lot), "created": lot.tender.published_at})
        _Schedule(book, lot).write()
    return content.getvalue()


class _Schedule:
    """One workbook while it is written."""

    def __init__(self, book: Workbook, lot: Lot) -> None:
        self.book, self.lot = book, lot
        self.items: list[Item] = list(lot.items.all())
        self.quantities = quantities_of(lot)
        self.formats: dict[tuple[str, bool], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E6EAF2"}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.sheets = {sheet: book.add_worksheet(str(layout.NAMES[sheet])) for sheet in self._wanted()}

    def write(self) -> None:
        writers = {
            Sheet.INSTRUCTIONS: self._instructions,
            Sheet.TENDERER: self._tenderer,
            Sheet.MEMBERS: self._members,
            Sheet.PRICES: self._prices,
            Sheet.ORIGINS: self._origins,
            Sheet.EVIDENCE: self._evidence,
            Sheet.LISTS: self._lists,
        }
        for sheet, page in self.sheets.items():
            page.write_string(0, 0, f"{self.lot.tender.reference}/{self.lot.number} {self.lot.title}", self.title)
            page.protect()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.set_footer(f"&L{layout.NAMES[sheet]}&R&P / &N")
            writers[sheet](page)
        self.sheets[Sheet.TENDERER].activate()

    def _wanted(self) -> list[Sheet]:
        return [sheet for sheet in Sheet if sheet != Sheet.EVIDENCE or indicators(self.lot)]

    def _instructions(self, page: Worksheet) -> None:
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 90)
        marks = (_("Version of this file"), _("Number of the lot"), _("SHA-256 of the published rules"))
        for row, (label, mark) in enumerate(zip(marks, layout.stamp(self.lot), strict=True), layout.STAMP_ROW):
            page.write_string(row - 1, 0, label, self.text)
            page.write_string(row - 1, layout.STAMP_COLUMN - 1, mark, self.text)
        for row, sentence in enumerate(sentences(self.lot), layout.STAMP_ROW + len(marks)):
            page.write_string(row, 1, sentence, self.text)
            fit(page, row, (sentence, 90))

    def _tenderer(self, page: Worksheet) -> None:
        page.set_column(0, 0, 60)
        page.set_column(1, 1, 60)
        page.write_row(HEAD - 1, 0, [_("Question"), _("Answer")], self.head)
        for row, (name, question) in enumerate(layout.QUESTIONS.items(), FIRST):
            page.write_string(row - 1, 0, str(question), self.text)
            page.write_blank(row - 1, 1, None, self._input("@"))
            if name.endswith("country"):
                page.data_validation(row - 1, 1, row - 1, 1, self._countries())

    def _members(self, page: Worksheet) -> None:
        MembersSheet(page, self.head, self.text, self._input, self._countries()).write()

    def _prices(self, page: Worksheet) -> None:
        page.set_column(0, 0, 18)
        page.set_column(1, 1, 50)
        page.set_column(2, 6, 16)
        basis = _("including VAT") if self.lot.tender.prices_include_vat else _("excluding VAT")
        price = _("Unit price in %(currency)s, %(basis)s") % {"currency": self.lot.tender.currency, "basis": basis}
        heads = [
            _("Item"),
            _("Designation"),
            _("Quantity"),
            _("Unit"),
            capfirst(_("VAT rate, in percent")),
            price,
            _("Amount"),
        ]
        self._head(page, heads, 16)
        for row, item in enumerate(self.items, FIRST):
            self._item(page, row, item)
        self._below_the_items(page, FIRST + len(self.items))

    def _item(self, page: Worksheet, row: int, item: Item) -> None:
        quantity, price, amount = (place(c, row) for c in (layout.QUANTITY, layout.UNIT_PRICE, layout.AMOUNT))
        page.write_string(row - 1, 0, item.key, self.text)
        page.write_string(row - 1, 1, item.designation, self.text)
        fit(page, row - 1, (item.key, 18), (item.designation, 50), (item.unit, 16))
        page.write_number(quantity, float(self.quantities[item.pk]), self._locked("#,##0.############"))
        page.write_string(row - 1, layout.UNIT - 1, item.unit, self.text)
        if item.vat_rate is not None:
            page.write_number(row - 1, layout.VAT_RATE - 1, float(item.vat_rate), self._locked(PERCENT))
        page.write_blank(price, None, self._input(PRICE))
        page.data_validation(price, {"validate": "decimal", "criteria": ">=", "value": 0})
        page.write_formula(amount, f'=IF({price}="","",{quantity}*{price})', self._locked(MONEY), NOT_COMPUTED)

    def _below_the_items(self, page: Worksheet, row: int) -> None:
        amounts = f"{place(layout.AMOUNT, FIRST)}:{place(layout.AMOUNT, row - 1)}"
        page.write_string(row - 1, 0, layout.TOTAL, self.text)
        page.write_string(row - 1, 1, _("Total"), self.head)
        page.write_formula(place(layout.AMOUNT, row), f"=SUM({amounts})", self._locked(MONEY), NOT_COMPUTED)
        if has_cost(self.lot):
            page.write_string(row, 0, layout.COST, self.text)
            page.write_string(row, 1, _("Life-cycle cost"), self.head)
            page.write_blank(place(layout.UNIT_PRICE, row + 1), None, self._input(MONEY))

    def _origins(self, page: Worksheet) -> None:
        page.set_column(0, 3, 30)
        self._head(page, [_("Item"), _("Country of origin"), _("Share of the value, in percent"), _("Assurance")], 30)
        last = FIRST + max(ORIGINS_AT_LEAST, ORIGINS_PER_ITEM * len(self.items)) - 1
        keys = f"='{layout.NAMES[Sheet.PRICES]}'!$A${FIRST}:$A${FIRST + len(self.items) - 1}"
        rules: list[dict[str, Any]] = [
            {"validate": "list", "source": keys},
            self._countries(),
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
            self._assurances(),
        ]
        for column, (rule, number) in enumerate(zip(rules, ("@", "@", PERCENT, "@"), strict=True)):
            page.data_validation(FIRST - 1, column, last - 1, column, rule)
            for row in range(FIRST - 1, last):
                page.write_blank(row, column, None, self._input(number))

    def _evidence(self, page: Worksheet) -> None:
        page.set_column(0, 4, 30)
        heads = [_("Indicator"), _("What is asked"), _("Value"), _("Assurance"), _("Valid until (year-month-day)")]
        self._head(page, heads, 30)
        for row, indicator in enumerate(indicators(self.lot), FIRST):
            labels = kinds(indicator)
            value = " / ".join(labels) if labels else _("a number")
            asked = f"{capfirst(indicator_name(indicator['id']))} – {value}"
            page.write_string(row - 1, 0, indicator["id"], self.text)
            page.write_string(row - 1, layout.EXPECTED - 1, asked, self.text)
            fit(page, row - 1, (indicator["id"], 30), (asked, 30))
            page.write_blank(row - 1, layout.VALUE - 1, None, self._input("@" if labels else "General"))
            if labels and len(",".join(labels)) <= LONGEST_LIST and not any("," in label for label in labels):
                page.data_validation(row - 1, 2, row - 1, 2, {"validate": "list", "source": labels})
            page.write_blank(row - 1, layout.EVIDENCE_ASSURANCE - 1, None, self._input("@"))
            page.data_validation(row - 1, 3, row - 1, 3, self._assurances())
            page.write_blank(row - 1, layout.EVIDENCE_EXPIRES - 1, None, self._input(DAY))

    def _lists(self, page: Worksheet) -> None:
        page.set_column(1, 1, 50)
        self._head(page, [_("Code"), _("Country")], 8)
        names = Locale.parse(to_locale(get_language() or "en")).territories
        for row, code in enumerate(sorted(COUNTRIES), FIRST):
            page.write_string(row - 1, 0, code)
            page.write_string(row - 1, 1, names.get(code, code))
        write_lists(page, self.head)

    def _head(self, page: Worksheet, heads: list[str], width: int) -> None:
        """The heads of the columns, the narrowest of which is ``width`` characters wide."""
        page.write_row(HEAD - 1, 0, heads, self.head)
        fit(page, HEAD - 1, *((head, width) for head in heads))
        page.freeze_panes(HEAD, 1)
        page.repeat_rows(HEAD - 1)
        page.set_landscape()

    def _countries(self) -> dict[str, Any]:
        last = FIRST + len(COUNTRIES) - 1
        return {"validate": "list", "source": f"='{layout.NAMES[Sheet.LISTS]}'!$A${FIRST}:$A${last}"}

    def _assurances(self) -> dict[str, Any]:
        return {"validate": "list", "source": [str(each.label) for each in Assurance]}

    def _locked(self, number: str) -> Any:
        return self._format(number, {})

    def _input(self, number: str) -> Any:
        return self._format(number, {"locked": False, "bg_color": "#FFFBE6", "border": 1})

    def _format(self, number: str, look: dict[str, Any]) -> Any:
        """The format of a number in a look; one for all the cells that share it."""
        key = (number, bool(look))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"num_format": number, "valign": "top", **look})
        return self.formats[key]
