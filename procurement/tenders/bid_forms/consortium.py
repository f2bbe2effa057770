"""Who makes a bid with its tenderer: the form of their consortium, and a few fields for each operator."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.fields import plain
from procurement.people.figures import PERCENT, FigureField
from procurement.people.models import User
from procurement.people.refusals import Refused
from procurement.registry.countries import CountryField
from procurement.registry.findings import LONGEST_EVIDENCE
from procurement.registry.forms import NOT_LOOKED_INTO
from procurement.registry.models import Supplier
from procurement.tenders import services
from procurement.tenders.bid_forms.head import SUPPLIERS
from procurement.tenders.models import Bid, ConsortiumMember

Document = dict[str, Any]
ROWS, SHOWN = 10, 3  # operators that a page takes, and how many of them it shows before more are asked for
OF_A_NEWCOMER = ("country", "basis", "evidence")


class MemberForm(forms.Form):
    """An operator beside the tenderer; left without a name, it is none."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name of the operator"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": SUPPLIERS, "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ConsortiumMember.Role.choices, required=False)
    share = FigureField(label=_("Share of the contract, %"), required=False, unit=PERCENT)
    newcomer = forms.BooleanField(label=_("Not in the register yet: enter it there with this bid"), required=False)
    country = CountryField(label=_("Country of origin of the operator"))
    basis = forms.ChoiceField(
        label=_("What the origin of the operator was found on"),
        choices=[NOT_LOOKED_INTO, *Supplier.OriginBasis.choices],
        required=False,
    )
    evidence = forms.CharField(
        label=_("What shows it"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def filled(self) -> bool:
        """Whether anything but the role, which a list always gives, was typed."""
        return any(self[name].value() for name in self.fields if name != "role")

    @property
    def newcomer_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("newcomer", *OF_A_NEWCOMER)]

    @property
    def opened(self) -> bool:
        """Whether something was typed about an operator that is not in the register."""
        return any(field.value() or field.errors for field in self.newcomer_fields)

    def clean_name(self) -> str:
        """The name as the register writes it, where it has it."""
        name = " ".join(self.cleaned_data["name"].split())
        known = Supplier.objects.filter(name__iexact=name).first() if name else None
        return known.name if known else name

    def clean_share(self) -> str:
        """In percent, as it is typed."""
        share: str = self.cleaned_data["share"]
        if share and Decimal(share) > 100:
            raise forms.ValidationError(_("A share is at most 100 percent of the value of the contract."))
        return share

    def clean(self) -> Document:
        """What is told of an operator has its name; what the register has is not told again."""
        given = self.cleaned_data
        name, country, basis = given.get("name"), given.get("country"), given.get("basis")
        if self.filled and not name and "name" not in self.errors:
            self.add_error("name", _("Give the name of this operator, or empty its other fields."))
        if not given.get("newcomer"):
            for field in OF_A_NEWCOMER:
                if given.get(field):
                    self.add_error(field, _("The register has this already: leave it out, or correct the register."))
            return given
        if name and Supplier.objects.filter(name=name).exists():
            self.add_error("newcomer", _("This operator is in the register: take the tick away."))
        if country and not basis:
            self.add_error("basis", _("Say what the origin was found on, or leave the country empty."))
        if basis and not country and "country" not in self.errors:
            self.add_error("country", _("Give the country that was found, or say that it was not looked into."))
        return given

    def document(self) -> Document:
        """What was typed, as a member of `documents.CONSORTIUM`; from a form that is valid and has a name."""
        given = self.cleaned_data
        document = {"supplier": {"name": given["name"]}, "role": given["role"] or ConsortiumMember.Role.MEMBER.value}
        return document | ({"share": plain(Decimal(given["share"]).scaleb(-2))} if given["share"] else {})

    def newcomer_values(self) -> Document:
        """What `register_supplier` takes of an operator that is new to the register."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "operator_country": given["country"],
            "operator_origin_basis": given["basis"],
            "evidence": given["evidence"],
        }

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the member (a pointer without its first slash)."""
        field = place.split("/")[0]
        self.add_error(field if field in ("role", "share") else "name", sentence)


class KindForm(forms.Form):
    """How the members of a consortium answer for each other."""

    form = forms.ChoiceField(
        label=_("Form of the consortium (CCP R2142-20)"),
        choices=[("", _("none, or not stated")), *Bid.Consortium.choices],
        required=False,
    )


class ConsortiumEntry:
    """The forms of a consortium together, with ``data`` as it was posted, or ``bid`` as it stands."""

    def __init__(self, data: Any, bid: Bid | None = None) -> None:
        stands = _as_it_stands(bid) if bid else []
        self.kind = KindForm(data, prefix="consortium", initial={"form": bid.consortium} if bid else {})
        self.members = [
            MemberForm(data, prefix=f"member-{row}", initial=stands[row - 1] if row <= len(stands) else {})
            for row in range(1, max(ROWS, len(stands)) + 1)
        ]

    @property
    def shown(self) -> list[MemberForm]:
        return self.members[:SHOWN]

    @property
    def more(self) -> list[MemberForm]:
        return self.members[SHOWN:]

    @property
    def filled(self) -> bool:
        return bool(self.kind["form"].value()) or any(member.filled for member in self.members)

    @property
    def more_filled(self) -> bool:
        return any(member.filled for member in self.more)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.kind, *self.members]

    @property
    def named(self) -> list[MemberForm]:
        """The members that were typed, in the order of the document; from forms that are valid."""
        return [member for member in self.members if member.cleaned_data["name"]]

    def document(self) -> Document:
        """What was typed, as `documents.CONSORTIUM`; empty for a tenderer alone. From forms that are valid."""
        form, members = self.kind.cleaned_data["form"], [member.document() for member in self.named]
        return {"form": form or None, "members": members} if form or members else {}

    def newcomers(self) -> list[Document]:
        """What is registered with the bid."""
        return [member.newcomer_values() for member in self.named if member.cleaned_data["newcomer"]]

    @property
    def problems(self) -> int:
        """How many things are said to be wrong."""
        return sum(len(sentences) for form in self.forms for sentences in form.errors.values())

    def save(self, bid: Bid, by: User, at: datetime) -> bool:
        """Record the consortium of a bid that stands; False where a field says why not."""
        valid = [form.is_valid() for form in self.forms]  # every form, so that each says what is wrong with it
        if not all(valid):
            return False
        document = self.document() or {"members": []}
        try:
            services.record_members(bid=bid, document=document, newcomers=self.newcomers(), by=by, at=at)
        except Refused as refusal:
            told = getattr(refusal, "details", None) or [{"pointer": "/form", "message": refusal.sentence}]
            self.show(told)
            return False
        return True

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the consortium (a pointer without its first slash)."""
        part, _slash, rest = place.partition("/")
        row, _slash, inner = rest.partition("/")
        if part == "members" and row.isdecimal():
            self.named[int(row)].show_at(inner, sentence)
        else:
            self.kind.add_error("form", sentence)

    def show(self, problems: Iterable[Mapping[str, Any]]) -> None:
        """Put each problem of a document where it was typed."""
        for problem in problems:
            self.show_at(str(problem["pointer"]).removeprefix("/consortium").removeprefix("/"), problem["message"])


def _as_it_stands(bid: Bid) -> list[Document]:
    return [
        {
            "name": member.supplier.name,
            "role": member.role,
            "share": "" if member.share is None else plain(member.share.scaleb(2)),
        }
        for member in bid.members.select_related("supplier").order_by("role", "pk")
    ]
