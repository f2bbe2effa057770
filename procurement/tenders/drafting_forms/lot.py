"""A whole lot on one page: its terms, its criteria and its items with the needs of each hospital."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.people.figures import MONEY, PERCENT, FigureField, in_currency, read_figure
from procurement.people.models import Hospital, User
from procurement.people.refusals import Invalid, Refused
from procurement.policies.models import Policy, PolicyVersion
from procurement.tenders.drafting_forms.criteria import CriterionForm
from procurement.tenders.drafting_forms.items import ItemForm
from procurement.tenders.drafting_forms.rows import rows_of, with_row, without_row
from procurement.tenders.drafting_forms.written import Document, WrittenForm
from procurement.tenders.models import Tender
from procurement.tenders.present import TIE_BREAKS
from scoring.numbers import fixed

PLAUSIBLE = ("plausible_low", "plausible_high")
PLACES_OF_TIES = ("tie_1", "tie_2", "tie_3", "tie_4")
# What a new row begins with.
FRESH: dict[str, dict[str, str]] = {"criteria": {"kind": "quality", "formula": "proportional"}, "items": {}}
ADD, DROP = "add", "drop"  # the names of the buttons: add=criteria, drop=criteria:2


class LotForm(WrittenForm):
    """What a lot says beside its criteria and items. ``read``: the SHA-256 of the lot that is being changed."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=9999, widget=forms.TextInput)
    title = forms.CharField(label=_("Title"), max_length=300)
    cpv = forms.CharField(
        label=_("CPV code"), required=False, max_length=8, help_text=_("Where it is not that of the procedure.")
    )
    policy = forms.ChoiceField(label=_("Preference policy"), required=False)
    decimals = forms.IntegerField(
        label=_("Decimals of points"), min_value=0, max_value=6, initial=2, widget=forms.TextInput
    )
    tie_1 = forms.ChoiceField(label=_("Equal totals are separated by"), required=False)
    tie_2 = forms.ChoiceField(label=_("then by"), required=False)
    tie_3 = forms.ChoiceField(label=_("and then by"), required=False)
    tie_4 = forms.ChoiceField(label=_("and at last by"), required=False)
    plausible_low = FigureField(
        label=_("Lowest plausible price of a bid"),
        required=False,
        unit=MONEY,
        help_text=_("For the curve of points and the method check, never for the scores."),
    )
    plausible_high = FigureField(label=_("Highest plausible price of a bid"), required=False, unit=MONEY)
    anonymous = forms.BooleanField(label=_("Evaluators see the tenderers as letters"), required=False)
    two_envelopes = forms.BooleanField(
        label=_("Two envelopes: evaluators see no price until the marks are locked"), required=False
    )
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: User, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        in_currency(self.fields, currency)
        ties = [("", _("nothing more")), *TIE_BREAKS.items()]
        for name in PLACES_OF_TIES:
            self._choices(name, ties)
        self._choices("policy", [("", _("none")), *_policies(reader)])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Plausible prices are two or none."""
        missing = [name for name in PLAUSIBLE if not self.given(name)]
        if len(missing) == 1:
            self.show(missing[0], gettext("Give both plausible prices, or none."))
        return self.cleaned_data

    @classmethod
    def values_of(cls, lot: Document, read: str) -> dict[str, Any]:
        """What the fields hold for a document of a lot."""
        policy = lot.get("policy")
        return {
            **lot,
            **dict(zip(PLACES_OF_TIES, lot.get("tie_break", []), strict=False)),
            "policy": f"{policy['id']}@{policy['version']}" if policy else "",
            "decimals": lot.get("rounding", {}).get("decimals", 2),
            **{f"plausible_{end}": price for end, price in (lot.get("plausible_prices") or {}).items()},
            "read": read,
        }

    def document(self) -> Document:
        """The lot as it was typed, without criteria and items."""
        identifier, _at, version = self.given("policy").rpartition("@")
        prices = {name.removeprefix("plausible_"): price for name, price in self.filled(*PLAUSIBLE).items()}
        return {
            "number": self.given("number"),
            "title": self.given("title"),
            **self.filled("cpv"),
            "policy": {"id": identifier, "version": int(version)} if version.isdecimal() else None,
            "rounding": {"decimals": self.given("decimals")},
            "tie_break": list(self.filled(*PLACES_OF_TIES).values()),
            "plausible_prices": prices or None,
            "anonymous": bool(self.given("anonymous")),
            "two_envelopes": bool(self.given("two_envelopes")),
        }

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the document (a pointer without its first slash)."""
        first = place.split("/")[0]
        if first == "plausible_prices":
            first = "plausible_high" if place.endswith("high") else "plausible_low"
        self.show({"rounding": "decimals", "tie_break": "tie_1"}.get(first, first or None), sentence)


class LotDraft:
    """The forms of one lot together. ``document`` fills them where nothing was posted."""

    def __init__(self, tender: Tender, reader: User, *, data: QueryDict | None, document: Document, read: str) -> None:
        self.hospitals = _group_of(tender)
        self.asked: str = ""
        if data is not None:
            data = data.copy()
            self.asked = self._move_rows(data)
        self.lot = LotForm(data, reader=reader, currency=tender.currency, initial=LotForm.values_of(document, read))
        self.criteria = rows_of(CriterionForm)(
            data,
            prefix="criteria",
            initial=[CriterionForm.values_of(one) for one in document["criteria"]],
            form_kwargs={"currency": tender.currency},
        )
        self.items = rows_of(ItemForm)(
            data,
            prefix="items",
            initial=[ItemForm.values_of(item) for item in document["items"]],
            form_kwargs={"hospitals": self.hospitals},
        )
        self.wrong_criteria: list[str] = []
        self.wrong_items: list[str] = []
        for form in self._forms():
            form.quiet = bool(self.asked)
            form.empty_permitted = False  # an empty row is a row: it is filled in, or taken out
        if self.asked.startswith(ADD):
            self._begin_at_the_new_row()

    @property
    def total(self) -> str:
        """What the weights that can be read add up to, as a plain decimal."""
        written = [read_figure(str(form["weight"].value() or ""), PERCENT) for form in self.criteria]
        text = fixed(sum((Fraction(weight) for weight in written if weight), Fraction(0)), 12)
        return text.rstrip("0").removesuffix(".")

    @property
    def problems(self) -> int:
        """How many things are said to be wrong."""
        fields = sum(len(sentences) for form in self._forms() for sentences in form.errors.values())
        return fields + len(self.wrong_criteria) + len(self.wrong_items)

    def document(self) -> Document:
        """The lot as it was typed (`documents.LOT`)."""
        document = self.lot.document()
        for name, rows in (("criteria", self.criteria), ("items", self.items)):
            taken = {form["key"].data for form in rows if form["key"].data}
            document[name] = []
            for form in rows:
                document[name].append(form.document(taken))
                taken.add(document[name][-1]["id"])
        return document

    def save(self, write: Callable[..., Any]) -> bool:
        """Hand the document to ``write``, a service; False where it refuses, with each problem beside its field."""
        for form in self._forms():
            form.full_clean()
        try:
            write(document=self.document())
        except Invalid as refusal:
            for problem in refusal.details:
                self._show(problem["pointer"], problem["message"])
            return False
        except Refused as refusal:
            self.lot.show(None, refusal.sentence)
            return False
        return True

    def _forms(self) -> list[Any]:
        return [self.lot, *self.criteria, *self.items]

    def _move_rows(self, data: QueryDict) -> str:
        """Do what a button about rows asks for, and say which; nothing for the button that saves."""
        added = data.get(ADD)
        if added in FRESH:
            with_row(data, added, FRESH[added])
            return f"{ADD} {added}"
        rows, _colon, place = data.get(DROP, "").partition(":")
        if rows in FRESH and place.isdecimal():
            without_row(data, rows, int(place))
            return f"{DROP} {rows}"
        return ""

    def _begin_at_the_new_row(self) -> None:
        """Put the cursor where the row that was asked for begins."""
        rows, field = (self.criteria, "title") if self.asked.endswith("criteria") else (self.items, "designation")
        if rows.forms:
            rows.forms[-1].fields[field].widget.attrs["autofocus"] = True

    def _show(self, pointer: str, sentence: str) -> None:
        """Put a problem of the document where it was typed."""
        part, _slash, rest = pointer.removeprefix("/").partition("/")
        place, _slash, inner = rest.partition("/")
        rows = {"criteria": self.criteria, "items": self.items}.get(part)
        if rows is None:
            self.lot.show_at(pointer.removeprefix("/"), sentence)
        elif place.isdecimal() and int(place) < len(rows.forms):
            rows.forms[int(place)].show_at(inner, sentence)
        else:
            (self.wrong_criteria if part == "criteria" else self.wrong_items).append(sentence)


def _group_of(tender: Tender) -> list[Hospital]:
    """The hospitals the contracting body may buy for: itself first, then the others of its group."""
    body = tender.contracting_body
    if body.group_id is None:
        return [body]
    return [body, *Hospital.objects.filter(group_id=body.group_id).exclude(pk=body.pk)]


def _policies(reader: User) -> list[tuple[str, str]]:
    """The approved versions of preference policies, each under "id@version"."""
    versions = PolicyVersion.objects.visible_to(reader).approved().select_related("policy")
    found = versions.filter(policy__kind=Policy.Kind.PREFERENCE).order_by("policy__identifier", "-version")
    return [(f"{row.policy.identifier}@{row.version}", f"{row} ({row.get_status_display()})") for row in found]
