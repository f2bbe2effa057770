"""Invented bids as people type them: one form each, and the document they make together."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.fields import plain
from procurement.people.figures import MONEY, PERCENT, FigureField, in_currency, read_figure
from procurement.people.refusals import Invalid
from procurement.people.templatetags.reading import points
from procurement.policies.seeded_texts import indicator_name
from procurement.tenders.bid_forms.evidence import value_field
from procurement.tenders.models import Lot
from procurement.tenders.profiles import FEWEST, MOST

Document = dict[str, Any]
ORIGIN = re.compile(r"\s*([A-Za-z]{2})\s+(.+?)\s*")


class ProfileForm(forms.Form):
    """One invented bid; left empty, it is none."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    price = FigureField(label=gettext_lazy("Price"), required=False, unit=MONEY)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=gettext_lazy("Country of the operator"),
        required=False,
        help_text=gettext_lazy("Two letters, as FR; empty: unknown."),
        error_messages={"invalid": gettext_lazy("Write the two letters of a country, as FR.")},
    )
    origins = forms.CharField(
        label=gettext_lazy("Origin of the goods"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Countries with their share in percent: FR 60; CN 30. The rest is unknown."),
    )

    def __init__(self, *args: Any, lot: Lot, **options: Any) -> None:
        super().__init__(*args, **options)
        criteria = list(lot.criteria.all())
        indicators = lot.policy_version.document["indicators"] if lot.policy_version else []
        if any(criterion.kind == "cost" for criterion in criteria):
            self.fields["cost"] = FigureField(label=_("Life-cycle cost"), required=False, unit=MONEY)
        for criterion in criteria:
            if criterion.scale is not None:
                label = _("Mark: %(title)s, out of %(scale)s") % {
                    "title": criterion.title,
                    "scale": points(criterion.scale),
                }
                self.fields[f"marks/{criterion.key}"] = FigureField(label=label, required=False)
        for indicator in indicators:
            label = _("Evidence: %(indicator)s") % {"indicator": indicator_name(indicator["id"])}
            self.fields[f"environment/{indicator['id']}"] = value_field(indicator, label)
        in_currency(self.fields, lot.tender.currency)

    def clean_origins(self) -> list[dict[str, str]]:
        """The origins with their shares as parts of 1."""
        parts = [part for part in self.cleaned_data["origins"].split(";") if part.strip()]
        return [self._origin(part) for part in parts]

    def _origin(self, part: str) -> dict[str, str]:
        found = ORIGIN.fullmatch(part)
        percent = read_figure(found[2], PERCENT) if found else None
        if found is None or percent is None:
            raise forms.ValidationError(
                _("“%(part)s” is no country with its share: write FR 60."), params={"part": part}
            )
        return {"country": found[1].upper(), "share": plain(Decimal(percent).scaleb(-2))}

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)

    def document(self) -> Document:
        """What was typed, as `documents.PROFILE`; from a form that is valid."""
        given = self.cleaned_data
        document: Document = {"country": given["country"].upper() or None, "origins": given["origins"]}
        document |= {name: given[name] for name in ("name", "price", "cost") if given.get(name)}
        for group in ("marks", "environment"):
            named = {name.partition("/")[2]: value for name, value in given.items() if name.startswith(f"{group}/")}
            document[group] = {name: value for name, value in named.items() if value}
        return document

    @staticmethod
    def values_of(document: Document) -> dict[str, Any]:
        """What a form shows of a profile, before it is written as the reader writes numbers."""
        origins = [
            f"{o['country']} {points(Decimal(o['share']).scaleb(2).normalize())}" for o in document.get("origins", [])
        ]
        nested = {
            f"{group}/{key}": value
            for group in ("marks", "environment")
            for key, value in document.get(group, {}).items()
        }
        return {**document, **nested, "origins": "; ".join(origins)}


class ProfileForms:
    """The forms of a lot's profiles: those it has and one more, or those that were sent."""

    def __init__(self, lot: Lot, profiles: list[Document], data: Mapping[str, Any] | None) -> None:
        number = min(max(len(profiles) + 1, FEWEST), MOST) if data is None else MOST
        self.forms = [
            ProfileForm(
                data,
                lot=lot,
                prefix=f"profile-{place}",
                initial=ProfileForm.values_of(profiles[place - 1]) if place <= len(profiles) else {},
            )
            for place in range(1, number + 1)
        ]
        self.problems: list[str] = []
        self.typed: list[ProfileForm] = []
        if data is not None:
            self.typed = [form for form in self.forms if not form.empty]
            empty = [form for form in self.forms if form.empty]
            self.forms = self.typed + empty[: max(FEWEST - len(self.typed), 0)]

    def save(self, write: Callable[[list[Document]], None]) -> bool:
        """Hand what was typed to ``write``; whether it was kept. What is wrong stands beside its field afterwards."""
        valid = [form.is_valid() for form in self.typed]  # every form, so that each says what is wrong with it
        if not all(valid):
            return False
        try:
            write([form.document() for form in self.typed])
        except Invalid as refusal:
            for problem in refusal.details:
                self._place(problem["pointer"], problem["message"])
            return False
        return True

    def _place(self, pointer: str, message: str) -> None:
        """Put the message of ``pointer`` ("/0/marks/quality") beside its field, or above the forms."""
        place, _slash, rest = pointer.removeprefix("/").partition("/")
        if not place.isdigit():
            self.problems.append(message)
            return
        form = self.typed[int(place)]
        names = [rest, "/".join(rest.split("/")[:2]), rest.split("/")[0]]
        form.add_error(next((name for name in names if name in form.fields), None), message)
