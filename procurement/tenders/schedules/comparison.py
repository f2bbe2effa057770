"""What a schedule states beside what its prices make, and beside what the register knows: shown, never corrected."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from procurement.fields import plain
from procurement.registry.models import Supplier, number_ungrouped, ungrouped
from procurement.tenders.models import Bid, ConsortiumMember
from procurement.tenders.models.bid import Assurance
from procurement.tenders.offered_lines import of_documents
from procurement.tenders.rules import EXACT_DIGITS, total
from procurement.tenders.schedules import layout
from procurement.tenders.schedules.reading import Offered, Priced, StatedMember
from procurement.tenders.stated import HALF_A_CENT, with_cents


@dataclass(frozen=True, slots=True)
class Amount:
    """What is computed, exactly, and what the file states beside it; None where it states nothing."""

    computed: Decimal
    stated: Decimal | None
    tolerance: Decimal = HALF_A_CENT

    @property
    def differs(self) -> bool:
        return self.stated is not None and abs(self.stated - self.computed) > self.tolerance


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tenderer says of itself, and what the register of suppliers says ("" for nothing)."""

    name: str
    question: str
    stated: str
    registered: str

    @property
    def differs(self) -> bool:
        fold = ungrouped if self.name == "registration_number" else str.casefold
        return bool(self.stated and self.registered) and fold(self.stated) != fold(self.registered)


def amount_of(priced: Priced) -> Amount:
    """The amount of one item."""
    with localcontext(prec=EXACT_DIGITS):
        return Amount(with_cents(priced.quantity * priced.unit_price), priced.stated)


def total_of(offered: Offered) -> Amount:
    """The amount of the whole bid; its lines may each have been rounded to the cent."""
    amounts = [amount_of(priced).computed for priced in offered.priced]
    return Amount(with_cents(total(amounts)), offered.stated_total, HALF_A_CENT * len(amounts))


def registered_as(offered: Offered) -> Supplier | None:
    """The supplier that the tenderer is in the register: by its name, capitals aside, or by its number where only one
    has it."""
    named = Supplier.objects.filter(name__iexact=offered.tenderer["name"]).first()
    number = offered.tenderer["registration_number"]
    if named or not number:
        return named
    rows = Supplier.objects.annotate(number=number_ungrouped())
    numbered = list(rows.filter(number=ungrouped(number))[:2])
    return numbered[0] if len(numbered) == 1 else None


def registered_members(offered: Offered) -> dict[int, Supplier]:
    """By place in the schedule, the members that the register has: by name, capitals aside, or else by number."""
    names = {name for member in offered.members for name in (member.name, member.name.lower())}
    numbers = {ungrouped(member.registration_number) for member in offered.members} - {""}
    asked = Q(name__in=names) | Q(folded__in=names) | Q(number__in=numbers)
    rows = Supplier.objects.annotate(folded=Lower("name"), number=number_ungrouped()).filter(asked)
    named: dict[str, Supplier] = {}
    numbered: dict[str, list[Supplier]] = {}
    for supplier in rows:
        named[supplier.name.lower()] = supplier
        numbered.setdefault(supplier.number, []).append(supplier)
    found: dict[int, Supplier] = {}
    for place, member in enumerate(offered.members):
        same = numbered.get(ungrouped(member.registration_number), []) if member.registration_number else []
        if known := named.get(member.name.lower()) or (same[0] if len(same) == 1 else None):
            found[place] = known
    return found


def unregistered(offered: Offered) -> list[tuple[int, StatedMember]]:
    """The members that the register does not have, with their places in the schedule."""
    known = registered_members(offered)
    return [(place, member) for place, member in enumerate(offered.members) if place not in known]


def answers(offered: Offered, supplier: Supplier | None) -> list[Answer]:
    """The tenderer's sheet beside the register."""
    return [
        Answer(name, str(question), offered.tenderer[name], getattr(supplier, name) if supplier else "")
        for name, question in layout.QUESTIONS.items()
    ]


def shown(offered: Offered) -> dict[str, Any]:
    """What the page of a filled schedule shows, in three queries."""
    supplier = registered_as(offered)
    amounts = {priced.item.key: amount_of(priced) for priced in offered.priced}
    whole = total_of(offered)
    known = registered_members(offered)
    return {
        "lines": of_documents(offered.document["lines"], {priced.item: priced.quantity for priced in offered.priced}),
        "amounts": amounts,
        "total": whole,
        "different": whole.differs or any(amount.differs for amount in amounts.values()),
        "doubtful": offered.doubtful,
        "supplier": supplier,
        "answers": answers(offered, supplier),
        "members": [(member, known.get(place)) for place, member in enumerate(offered.members)],
        "consortium": dict(Bid.Consortium.choices).get(offered.document.get("consortium", {}).get("form") or "", ""),
        "roles": dict(ConsortiumMember.Role.choices),
        "grounds": dict(Supplier.OriginBasis.choices),
        "cost": offered.document.get("cost", ""),
        "evidence": offered.document.get("environment", {}),
        "assurances": dict(Assurance.choices),
    }


def differences(offered: Offered) -> list[dict[str, str]]:
    """Amounts that differ, as the API answers them: [{"item": key or "", "stated", "computed"}, …]."""
    amounts = [(priced.item.key, amount_of(priced)) for priced in offered.priced] + [("", total_of(offered))]
    return [
        {"item": key, "stated": plain(amount.stated), "computed": format(amount.computed.normalize(), "f")}
        for key, amount in amounts
        if amount.stated is not None and amount.differs
    ]
