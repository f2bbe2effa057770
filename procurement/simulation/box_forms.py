"""The question of a box: between which ends each value of a policy may lie, and how many samples are drawn."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.fields import plain
from procurement.people.figures import FigureField
from procurement.people.templatetags.reading import points
from procurement.simulation.forms import SubjectForm, area_field
from procurement.simulation.parameters import Parameter
from procurement.simulation.present.shares import error_points
from procurement.simulation.ranges import MOST, MOST_SEED, movable

SAMPLES = 1_000


class BoxSubjectForm(SubjectForm):
    """What is asked about: a snapshot and a policy, without a cash-back scheme, which changes no winner."""

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        del self.fields["scheme_version"]


class RangesForm(forms.Form):
    """The ends of each value; both empty leave it as it is today."""

    def __init__(self, *args: Any, document: Mapping[str, Any], countries: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.parameters = movable(document)
        for path, parameter in self.parameters.items():
            today = parameter.today and parameter.typed(parameter.today)
            ends = {"low": "0", "high": plain(2 * today)} if today and path != "bonus_cap" else {}
            for end, label in (("low", _("lowest value")), ("high", _("highest value"))):
                self.fields[f"{end}_{path}"] = FigureField(
                    label=f"{parameter.heading}, {label}",
                    required=False,
                    initial=ends.get(end, ""),
                    unit=parameter.sign,
                )
        if len(countries) > 1:
            self.fields["local_area"] = area_field(document)
        self.fields["samples"] = forms.IntegerField(
            label=gettext_lazy("Samples"), min_value=1, max_value=MOST, initial=SAMPLES, help_text=_accuracy()
        )
        self.fields["seed"] = forms.IntegerField(
            label=gettext_lazy("Seed"),
            min_value=0,
            max_value=MOST_SEED,
            initial=1,
            help_text=gettext_lazy("The same seed draws the same samples again, for anybody."),
        )

    @property
    def rows(self) -> list[tuple[Parameter, forms.BoundField, forms.BoundField]]:
        """Each value with its two fields, for the page."""
        return [(each, self[f"low_{path}"], self[f"high_{path}"]) for path, each in self.parameters.items()]

    @property
    def options(self) -> list[forms.BoundField]:
        """The fields of the whole question."""
        return [self[name] for name in ("local_area", "samples", "seed") if name in self.fields]

    def question(self) -> dict[str, Any]:
        """What is asked, as the service takes it; of a valid form."""
        known = self.cleaned_data
        return {name: known.get(name, "") for name in ("ranges", "samples", "seed", "local_area")}

    def clean(self) -> dict[str, Any]:
        """Adds `ranges`, as the service takes them."""
        cleaned = super().clean() or {}
        found = [self._range(parameter, cleaned) for parameter in self.parameters.values()]
        return cleaned | {"ranges": [each for each in found if each]}

    def _range(self, parameter: Parameter, cleaned: dict[str, Any]) -> dict[str, str] | None:
        names = [f"{end}_{parameter.path}" for end in ("low", "high")]
        typed = [cleaned.get(name, "") for name in names]
        if not any(typed) or any(name in self.errors for name in names):
            return None
        for name, value in zip(names, typed, strict=True):
            if not value:
                self.add_error(name, _("A range has two ends: write this one too, or leave both out."))
                return None
        try:
            low, high = map(parameter.written, typed)
        except ValidationError as error:
            self.add_error(names[0], error)
            return None
        return {"path": parameter.path, "low": low, "high": high}


def _accuracy() -> str:
    """How well so many samples know a share."""
    return _("%(few)s know a share within %(wide)s percentage points, %(many)s within %(narrow)s.") % {
        "few": points(str(SAMPLES)),
        "wide": points(error_points(SAMPLES)),
        "many": points(str(MOST)),
        "narrow": points(error_points(MOST)),
    }
