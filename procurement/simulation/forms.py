"""The question put to an archive: which one, under which policy, and what is varied between which values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import prod
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from procurement.cashback.rules import combined
from procurement.people.figures import FigureField, example, read_figure
from procurement.people.templatetags.reading import figure
from procurement.policies.models import Policy, PolicyVersion
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.parameters import Parameter, carbon_indicators, parameters
from procurement.simulation.scenarios import MOST_SCENARIOS
from procurement.simulation.spacing import BadRange, values_between
from scoring.policy_reading import read_policy
from scoring.problems import InvalidDocument

AXES = (1, 2)  # values that one question varies
RANGE = {"from": gettext_lazy("or from"), "to": gettext_lazy("to"), "step": gettext_lazy("by steps of")}
Axis = dict[str, Any]


class SubjectForm(forms.Form):
    """What is asked about: a snapshot, a policy, and a cash-back scheme in the place of the policy's own."""

    snapshot = forms.ModelChoiceField(label=gettext_lazy("Archive"), queryset=ArchiveSnapshot.objects.all())
    policy_version = forms.ModelChoiceField(label=gettext_lazy("Policy"), queryset=PolicyVersion.objects.none())
    scheme_version = forms.ModelChoiceField(
        label=gettext_lazy("Cash-back scheme"),
        queryset=PolicyVersion.objects.none(),
        required=False,
        empty_label=gettext_lazy("The one the policy embeds"),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        usable = PolicyVersion.objects.visible_to(user).exclude(state=PolicyVersion.State.RETIRED)
        usable = usable.select_related("policy")
        for name, kind in (("policy_version", Policy.Kind.PREFERENCE), ("scheme_version", Policy.Kind.CASHBACK)):
            self.fields[name].queryset = usable.filter(policy__kind=kind)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["snapshot"].empty_label = None  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["policy_version"].empty_label = None  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A policy and a scheme that make one document together."""
        cleaned = super().clean() or {}
        if policy := cleaned.get("policy_version"):
            try:
                read_policy(combined(policy, cleaned.get("scheme_version")))
            except InvalidDocument as invalid:
                raise ValidationError(
                    _("The policy and the scheme do not fit together (%(place)s): choose others."),
                    params={"place": invalid.problems[0].pointer},
                ) from invalid
        return cleaned

    def chosen(self) -> dict[str, Any] | None:
        """What was chosen, or the newest archive and a proposal where nothing was; None while there is none of one."""
        if self.is_bound and self.is_valid():
            return self.cleaned_data
        policies = self.fields["policy_version"].queryset  # type: ignore[attr-defined]  # a ModelChoiceField
        policy = policies.filter(status=PolicyVersion.Status.PROPOSED).first() or policies.first()
        snapshot = ArchiveSnapshot.objects.first()
        if policy is None or snapshot is None:
            return None
        return {"snapshot": snapshot, "policy_version": policy, "scheme_version": None}


def area_field(document: Mapping[str, Any]) -> forms.ChoiceField:
    """The area of a policy that stands for the country of each contract, or none."""
    areas = [(name, name) for name in document["areas"]]
    return forms.ChoiceField(
        label=gettext_lazy("Area that stands for the contract’s own country"),
        choices=[("", gettext_lazy("None: the areas are those of the policy")), *areas],
        required=False,
        help_text=gettext_lazy("For each lot it holds the country of the buyer, and no other."),
    )


class ValuesField(forms.CharField):
    """Values of a parameter, separated by semicolons: cleaned to plain decimals as people typed them.

    ``unit``: what may be typed behind each, as in `read_figure`.
    """

    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    def clean(self, value: Any) -> list[str]:
        found = []
        for text in filter(None, map(str.strip, super().clean(value).split(";"))):
            plain = read_figure(text, self.unit)
            if plain is None:
                sentence = _("“%(text)s” is not a number: write values as in %(example)s; %(example)s.")
                raise ValidationError(sentence, params={"text": text, **example(self.unit)})
            found.append(plain)
        return found

    def prepare_value(self, value: Any) -> Any:
        return "; ".join(figure(text.strip()) for text in value.split(";")) if isinstance(value, str) else value


class VariationForm(forms.Form):
    """What is varied in a policy: one or two parameters, each by its values or by a range with its step."""

    def __init__(
        self,
        *args: Any,
        document: Mapping[str, Any],
        countries: list[str],
        measured: Sequence[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.parameters = parameters(document)
        for number in AXES:
            self._add_axis(number)
        self.fields["local_area"] = area_field(document)
        indicators = [(each, each) for each in carbon_indicators(document, measured)]
        self.fields["carbon"] = forms.ChoiceField(
            label=gettext_lazy("Indicator of the CO2e"),
            choices=[("", gettext_lazy("None")), *indicators],
            required=False,
            help_text=gettext_lazy("Only where what bids say for it is their kilograms of CO2e in all."),
        )
        if len(countries) < 2:
            del self.fields["local_area"]
        if not indicators:
            del self.fields["carbon"]

    def _add_axis(self, number: int) -> None:
        choices = [(each.path, each.choice) for each in self.parameters.values()]
        first = number == AXES[0]
        self.fields[f"parameter_{number}"] = forms.ChoiceField(
            label=gettext_lazy("What is varied"),
            choices=choices if first else [("", gettext_lazy("Nothing more")), *choices],
            required=first,
        )
        varied = self.parameters.get(self[f"parameter_{number}"].value() or "")
        unit = varied.sign if varied else ""
        self.fields[f"values_{number}"] = ValuesField(
            label=gettext_lazy("Its values"),
            required=False,
            max_length=4000,
            help_text=gettext_lazy("3; 5; 10"),
            unit=unit,
        )
        for name, label in RANGE.items():
            self.fields[f"{name}_{number}"] = FigureField(label=label, required=False, unit=unit)

    @property
    def axes(self) -> list[dict[str, Any]]:
        """The fields of each axis, for the page."""
        names = ("parameter", "values", *RANGE)
        return [{name: self[f"{name}_{number}"] for name in names} | {"number": number} for number in AXES]

    @property
    def options(self) -> list[forms.BoundField]:
        """The fields of the whole question."""
        return [self[name] for name in ("local_area", "carbon") if name in self.fields]

    def question(self) -> dict[str, Any]:
        """What is asked, as the service takes it; of a valid form."""
        known = self.cleaned_data
        return {"axes": known["axes"]} | {name: known.get(name, "") for name in ("local_area", "carbon")}

    def clean(self) -> dict[str, Any]:
        """Adds `axes`, as the service takes them, and `scenarios`, how many they make."""
        cleaned = super().clean() or {}
        axes = [axis for number in AXES if (axis := self._axis(number, cleaned))]
        paths = [axis["path"] for axis in axes]
        if len(set(paths)) < len(paths):
            self.add_error("parameter_2", _("This is varied already: choose another value, or nothing more."))
        scenarios = prod(len(axis["values"]) for axis in axes)
        if scenarios > MOST_SCENARIOS:
            sentence = ngettext(
                "This makes %(count)s scenario, and one question takes 1,000 at most: take fewer values.",
                "This makes %(count)s scenarios, and one question takes 1,000 at most: take fewer values.",
                scenarios,
            )
            self.add_error(None, sentence % {"count": figure(str(scenarios))})
        return cleaned | {"axes": axes, "scenarios": scenarios}

    def _axis(self, number: int, cleaned: dict[str, Any]) -> Axis | None:
        parameter = self.parameters.get(cleaned.get(f"parameter_{number}", ""))
        if parameter is None:
            written = any(cleaned.get(f"{name}_{number}") for name in ("values", "from", "to"))
            if written and f"parameter_{number}" not in self.errors:
                self.add_error(f"parameter_{number}", _("Say which value these are of, or leave them out."))
            return None
        if cleaned.get(f"values_{number}") and any(cleaned.get(f"{end}_{number}") for end in ("from", "to")):
            self.add_error(f"values_{number}", _("Write its values or a range, not both."))
            return None
        typed = cleaned.get(f"values_{number}") or self._range(number, cleaned)
        values = self._written(parameter, typed, number)
        return {"path": parameter.path, "values": sorted(set(values), key=Decimal)}

    def _written(self, parameter: Parameter, typed: list[str], number: int) -> list[str]:
        try:
            return [parameter.written(value) for value in typed]
        except ValidationError as error:
            self.add_error(f"values_{number}", error)
            return []

    def _range(self, number: int, cleaned: dict[str, Any]) -> list[str]:
        names = [f"{name}_{number}" for name in RANGE]
        if any(name in self.errors for name in (*names, f"values_{number}")):
            return []
        if not all(cleaned.get(name) for name in names):
            sentence = _("Write its values, or a range with its first value, its last and a step.")
            self.add_error(f"values_{number}", sentence)
            return []
        try:
            return values_between(*(Decimal(cleaned[name]) for name in names))
        except BadRange as bad:
            self.add_error(names[{"last": 1, "step": 2}[bad.where]], bad.sentence)
            return []
