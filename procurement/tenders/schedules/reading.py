"""From a filled schedule to the document of a bid, with every problem at its cell."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.fields import plain
from procurement.people.refusals import Invalid
from procurement.problems import said
from procurement.tenders.entries import check_offer
from procurement.tenders.models import Item, Lot
from procurement.tenders.models.bid import Assurance
from procurement.tenders.rules import quantities_of
from procurement.tenders.schedules import layout, members
from procurement.tenders.schedules.asked import has_cost, indicators, kinds, labels_of
from procurement.tenders.schedules.cells import Book, Page, Problem, open_book, tell
from procurement.tenders.schedules.layout import Sheet
from procurement.tenders.schedules.members import StatedMember
from procurement.tenders.schedules.shares import Shares
from procurement.tenders.stated import What
from scoring.countries import COUNTRIES

MOST_TOLD = 100  # problems in one answer
PLACEHOLDER = "offer"  # the id of the bid is given when it is entered
WIDTHS = {"name": 300, "registration_number": 40}
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Priced:
    """An item as it was filled in, with the amount that its row states (None: the file has not computed it)."""

    item: Item
    quantity: Decimal
    unit_price: Decimal
    stated: Decimal | None


@dataclass
class Offered:
    """What a schedule says. `document` is a bid (`documents.BID`) without id, tenderer and time of receipt."""

    tenderer: dict[str, str]
    document: Document = field(default_factory=dict)
    members: list[StatedMember] = field(default_factory=list)
    priced: list[Priced] = field(default_factory=list)
    stated_total: Decimal | None = None
    doubtful: list[Problem] = field(default_factory=list)  # what is read, and may be meant otherwise, with its cell


def read_schedule(content: bytes, lot: Lot) -> Offered:
    """What the file says for a published ``lot``. Raises Invalid: one sentence, and every problem with its cell."""
    book = open_book(content)
    version = _check_stamp(book, lot)
    return _Reading(book, lot, version).read()


def _check_stamp(book: Book, lot: Lot) -> str:
    """The version of the schedule; raises Invalid where it is none, or not one of this lot."""
    page = book.page(Sheet.INSTRUCTIONS)
    rows = range(layout.STAMP_ROW, layout.STAMP_ROW + 3)
    version, number, rules = (page.text(layout.STAMP_COLUMN, row, 80) for row in rows)
    if version not in layout.READ_VERSIONS:
        raise Invalid(_("This is no price schedule of the portal: fill in the one that the lot’s page gives."))
    if number != str(lot.pk):
        raise Invalid(_("This is the price schedule of another lot."))
    if rules != lot.rules_sha256:
        raise Invalid(_("This price schedule was made for other published rules than those of this lot."))
    return version


class _Reading:
    """One schedule while it is read. `places`: by JSON pointer of the document, the page, column and row it is from."""

    def __init__(self, book: Book, lot: Lot, version: str) -> None:
        self.book, self.lot, self.version = book, lot, version
        self.places: dict[str, str] = {}
        self.items = {item.key: item for item in lot.items.all()}
        self.quantities = quantities_of(lot)
        self.words = layout.assurances()

    def read(self) -> Offered:
        offered = Offered(self._tenderer())
        if self.version == layout.VERSION:
            self._members(offered)
        lines = self._prices(offered)
        self._origins(lines, offered)
        offered.document |= {"lines": list(lines.values())}
        if environment := self._evidence():
            offered.document["environment"] = environment
        if amounts := self._stated(offered):
            offered.document["stated"] = amounts
        if not self.book.problems:
            self._check(offered)
        if self.book.problems:
            refuse(self.book.problems)
        return offered

    def _stated(self, offered: Offered) -> Document:
        """The amounts that the file has computed, which are on the basis of the prices."""
        lines = {priced.item.key: plain(priced.stated) for priced in offered.priced if priced.stated is not None}
        total = What.TOTAL_INCL_VAT if self.lot.tender.prices_include_vat else What.TOTAL_EXCL_VAT
        whole = {} if offered.stated_total is None else {total.value: plain(offered.stated_total)}
        return ({"lines": lines} if lines else {}) | whole

    def _tenderer(self) -> dict[str, str]:
        page = self.book.page(Sheet.TENDERER)
        answers = {}
        for row, name in enumerate(layout.QUESTIONS, layout.FIRST):
            if name in WIDTHS:
                answers[name] = page.text(layout.ANSWER, row, WIDTHS[name])
            elif page.filled(range(layout.ANSWER, layout.ANSWER + 1), row):
                answers[name] = self._country(page, layout.ANSWER, row)
            else:
                answers[name] = ""
        if not answers["name"] and not self.book.problems:
            page.refuse(layout.ANSWER, layout.FIRST, _("The name of the tenderer is missing."))
        return answers

    def _members(self, offered: Offered) -> None:
        page = self.book.page(Sheet.MEMBERS)
        form = members.form_of(page)
        self.places["/consortium"] = page.at(layout.FORM_COLUMN, layout.FORM_ROW)
        shares = Shares(page, layout.Member.SHARE)
        for index, (row, member) in enumerate(members.members_of(shares)):
            self.places[f"/consortium/members/{index}"] = page.at(layout.Member.NAME, row)
            self.places[f"/consortium/members/{index}/share"] = page.at(layout.Member.SHARE, row)
            offered.members.append(member)
        offered.doubtful += shares.doubtful()
        if consortium := members.document_of(form, offered.members):
            offered.document["consortium"] = consortium

    def _prices(self, offered: Offered) -> dict[str, Document]:
        page = self.book.page(Sheet.PRICES)
        lines: dict[str, Document] = {}
        for row in page.numbers_of_rows():
            key = page.text(layout.PRICE_ID, row, 40)
            if key == layout.TOTAL:
                offered.stated_total = page.stated(layout.AMOUNT, row)
            elif key == layout.COST and has_cost(self.lot):
                self._cost(page, row, offered)
            elif key in lines:
                page.refuse(layout.PRICE_ID, row, _("The item %(id)s stands on two rows.") % {"id": key})
            elif key in self.items:
                lines[key] = self._line(page, row, self.items[key], offered, f"/lines/{len(lines)}")
            elif page.filled(range(1, layout.AMOUNT + 1), row):
                page.refuse(layout.PRICE_ID, row, _("The lot has no item “%(id)s”.") % {"id": key})
        if missing := [key for key in self.items if key not in lines]:
            tell(
                page.problems,
                page.name,
                _("The rows of these items are missing: %(items)s.") % {"items": ", ".join(missing)},
            )
        return lines

    def _line(self, page: Page, row: int, item: Item, offered: Offered, pointer: str) -> Document:
        quantity, unit = self.quantities[item.pk], page.text(layout.UNIT, row, 40)
        if page.number(layout.QUANTITY, row) != Decimal(format(float(quantity), ".15g")):
            sentence = _("The quantity was changed: the lot asks for %(quantity)s.") % {"quantity": plain(quantity)}
            page.refuse(layout.QUANTITY, row, sentence)
        if unit != " ".join(item.unit.split()):
            page.refuse(layout.UNIT, row, _("The unit was changed: the lot asks for “%(unit)s”.") % {"unit": item.unit})
        before = len(page.problems)
        price = page.number(layout.UNIT_PRICE, row)
        if price is None:
            if len(page.problems) == before:
                page.refuse(layout.UNIT_PRICE, row, _("The unit price is missing."))
            return {"id": item.key}
        self.places[f"{pointer}/unit_price"] = page.at(layout.UNIT_PRICE, row)
        offered.priced.append(Priced(item, quantity, price, page.stated(layout.AMOUNT, row)))
        return {"id": item.key, "unit_price": plain(price), "origins": []}

    def _cost(self, page: Page, row: int, offered: Offered) -> None:
        cost = page.number(layout.UNIT_PRICE, row)
        if cost is not None:
            offered.document["cost"] = plain(cost)
            self.places["/cost"] = page.at(layout.UNIT_PRICE, row)

    def _origins(self, lines: dict[str, Document], offered: Offered) -> None:
        page = self.book.page(Sheet.ORIGINS)
        shares = {key: Shares(page, layout.SHARE) for key in lines}
        pointers = {key: f"/lines/{index}/origins" for index, key in enumerate(lines)}
        for row in page.numbers_of_rows():
            if not page.filled(range(1, layout.ORIGIN_ASSURANCE + 1), row):
                continue
            key = page.text(layout.ORIGIN_ID, row, 40)
            if key not in lines:
                page.refuse(layout.ORIGIN_ID, row, _("The lot has no item “%(id)s”.") % {"id": key})
                continue
            origins = lines[key].setdefault("origins", [])
            self.places[f"{pointers[key]}/{len(origins)}"] = page.at(layout.SHARE, row)
            self.places.setdefault(pointers[key], page.at(layout.SHARE, row))
            origins.append(self._origin(shares[key], row))
        for of_one_item in shares.values():
            offered.doubtful += of_one_item.doubtful()

    def _origin(self, shares: Shares, row: int) -> Document:
        page = shares.page
        country = self._country(page, layout.COUNTRY, row)
        before = len(page.problems)
        share = shares.read(row)
        if share is None and len(page.problems) == before:
            page.refuse(layout.SHARE, row, _("The share of the value is missing, in percent."))
        assurance = self._assurance(page, layout.ORIGIN_ASSURANCE, row)
        return {"country": country, "share": plain((share or Decimal(0)).scaleb(-2)), "assurance": assurance}

    def _evidence(self) -> dict[str, Document]:
        asked = {indicator["id"]: indicator for indicator in indicators(self.lot)}
        if not asked:
            return {}
        page, given = self.book.page(Sheet.EVIDENCE), {}
        for row in page.numbers_of_rows():
            key = page.text(layout.INDICATOR, row, 60)
            if not page.filled(range(layout.VALUE, layout.EVIDENCE_EXPIRES + 1), row):
                continue
            if key not in asked or key in given:
                page.refuse(layout.INDICATOR, row, _("The policy has no further indicator “%(id)s”.") % {"id": key})
                continue
            value = self._indicated(page, row, asked[key])
            given[key] = {"value": value, "assurance": self._assurance(page, layout.EVIDENCE_ASSURANCE, row)}
            if last := page.day(layout.EVIDENCE_EXPIRES, row):
                given[key]["expires_on"] = last.isoformat()
            self.places[f"/environment/{key}"] = page.at(layout.VALUE, row)
        return given

    def _indicated(self, page: Page, row: int, indicator: Document) -> str:
        before = len(page.problems)
        if indicator["kind"] == "number":
            number = page.number(layout.VALUE, row)
            value = "" if number is None else plain(number)
        else:
            value = page.text(layout.VALUE, row, 120)
        if not value and len(page.problems) == before:
            page.refuse(layout.VALUE, row, _("The value is missing."))
        return self._label(page, row, indicator, value) if value and indicator["kind"] == "label" else value

    def _label(self, page: Page, row: int, indicator: Document, written: str) -> str:
        """The policy's own label for what is written: any other would count as no evidence, and nobody would know."""
        words = labels_of(indicator)
        if written.casefold() not in words:
            known = " / ".join(kinds(indicator))
            page.refuse(layout.VALUE, row, _("One of these is due here: %(known)s.") % {"known": known})
        return words.get(written.casefold(), written)

    def _country(self, page: Page, column: int, row: int) -> str:
        before = len(page.problems)
        code = page.text(column, row, 60).upper()
        if code not in COUNTRIES and len(page.problems) == before:
            sentence = _("A country is due here as its two letters (FR); the sheet %(lists)s has them.")
            page.refuse(column, row, sentence % {"lists": layout.NAMES[Sheet.LISTS]})
        return code

    def _assurance(self, page: Page, column: int, row: int) -> str:
        """The value of the word; an empty cell counts as declared, which is the least."""
        word = page.text(column, row, 40).casefold()
        if word and word not in self.words:
            known = ", ".join(str(each.label) for each in Assurance)
            page.refuse(column, row, _("The assurance is one of: %(known)s.") % {"known": known})
        return self.words.get(word, "declared")

    def _check(self, offered: Offered) -> None:
        """Read the bid as its entry will, and tell each problem at the cell it comes from."""
        document = {"id": PLACEHOLDER, "supplier": {"name": offered.tenderer["name"]}, **offered.document}
        for problem in check_offer(document, self.lot).problems:
            tell(self.book.problems, self._place(problem.pointer), said(problem))

    def _place(self, pointer: str) -> str:
        """The cell that the longest known part of a pointer comes from; the pointer itself where there is none."""
        part = pointer
        while part and part not in self.places:
            part = part.rpartition("/")[0]
        return self.places.get(part, pointer)


def refuse(problems: list[dict[str, str]]) -> NoReturn:
    """Raise Invalid with every problem, up to a length that somebody reads."""
    sentence = ngettext(
        "The schedule is not read: %(count)d cell or sheet is to be corrected.",
        "The schedule is not read: %(count)d cells or sheets are to be corrected.",
        len(problems),
    )
    raise Invalid(sentence % {"count": len(problems)}, problems[:MOST_TOLD])
