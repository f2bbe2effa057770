"""The sheet on which a tenderer names who makes its bid with it: the members of its consortium, its subcontractors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procurement.fields import plain
from procurement.registry.findings import LONGEST_EVIDENCE
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, ConsortiumMember
from procurement.tenders.schedules import layout
from procurement.tenders.schedules.cells import Page
from procurement.tenders.schedules.layout import Member
from procurement.tenders.schedules.shares import Shares
from scoring.countries import COUNTRIES

Document = dict[str, Any]
COLUMNS = range(Member.NAME, Member.EVIDENCE + 1)


@dataclass(frozen=True, slots=True)
class StatedMember:
    """An operator as the tenderer presents it; "" for what it leaves out, `share` a part of 1."""

    name: str
    registration_number: str
    address_country: str
    role: str
    share: str
    operator_country: str
    basis: str
    evidence: str

    def document(self, name: str) -> Document:
        """A member of `documents.CONSORTIUM`, under the ``name`` that the register has."""
        return {"supplier": {"name": name}, "role": self.role, **({"share": self.share} if self.share else {})}

    def newcomer(self, basis: str) -> Document:
        """What `register_supplier` takes; its origin only with the ``basis`` that the buyer found it on."""
        return {
            "name": self.name,
            "registration_number": self.registration_number,
            "address_country": self.address_country,
            "operator_country": self.operator_country if basis else "",
            "operator_origin_basis": basis if self.operator_country else "",
            "evidence": self.evidence if basis and self.operator_country else "",
        }


def form_of(page: Page) -> str:
    """The form of the consortium that the sheet states; "" for none."""
    return _word(page, layout.FORM_COLUMN, layout.FORM_ROW, layout.words_of(Bid.Consortium))


def members_of(shares: Shares) -> Iterator[tuple[int, StatedMember]]:
    """Each operator with the row it stands in; what is wrong is told at its cell."""
    roles, grounds = layout.words_of(ConsortiumMember.Role), layout.words_of(Supplier.OriginBasis)
    page = shares.page
    for row in page.numbers_of_rows():
        if not page.filled(range(COLUMNS.start, COLUMNS.stop), row):
            continue
        told = len(page.problems)
        name = page.text(Member.NAME, row, 300)
        if not name and len(page.problems) == told:
            page.refuse(Member.NAME, row, _("The name of the operator is missing."))
        yield (
            row,
            StatedMember(
                name=name,
                registration_number=page.text(Member.NUMBER, row, 40),
                address_country=_country(page, Member.ADDRESS, row),
                role=_word(page, Member.ROLE, row, roles) or ConsortiumMember.Role.MEMBER.value,
                share=_share(shares, row),
                operator_country=_country(page, Member.ORIGIN, row),
                basis=_word(page, Member.BASIS, row, grounds),
                evidence=page.text(Member.EVIDENCE, row, LONGEST_EVIDENCE),
            ),
        )


def document_of(form: str, members: Sequence[StatedMember]) -> Document:
    """The consortium as a document, under the names that the schedule has; empty for a tenderer alone."""
    if not form and not members:
        return {}
    return {"form": form or None, "members": [member.document(member.name) for member in members]}


def _country(page: Page, column: int, row: int) -> str:
    """A code of ISO 3166-1 alpha-2, "" for an empty cell."""
    code = page.text(column, row, 60).upper()
    if code and code not in COUNTRIES:
        sentence = _("A country is due here as its two letters (FR); the sheet %(lists)s has them.")
        page.refuse(column, row, sentence % {"lists": layout.NAMES[layout.Sheet.LISTS]})
    return code


def _word(page: Page, column: int, row: int, words: dict[str, str]) -> str:
    """The value that a word of a list stands for, "" for an empty cell."""
    word = page.text(column, row, 120).casefold()
    if word and word not in words:
        page.refuse(column, row, _("One of these is due here: %(known)s.") % {"known": ", ".join(words)})
    return words.get(word, "")


def _share(shares: Shares, row: int) -> str:
    percent = shares.read(row)
    if percent is not None and percent > 100:
        shares.page.refuse(Member.SHARE, row, _("A share is at most 100 percent of the value of the contract."))
        return ""
    return "" if percent is None else plain(percent.scaleb(-2) if percent else Decimal(0))
