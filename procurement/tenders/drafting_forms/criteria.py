"""One criterion of a lot that is being drafted."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.people.figures import MONEY, PERCENT, FigureField, in_currency, read_figure
from procurement.people.templatetags.reading import figure
from procurement.tenders.drafting_forms.written import Document, WrittenForm
from procurement.tenders.drafts import ON_PRICE
from procurement.tenders.models import Criterion
from scoring.formulas import FORMULAS

# Each formula with what it makes of a price or a mark; W is the weight of the criterion.
FORMULA_CHOICES = [
    (
        _("For a price or a cost"),
        [
            ("lowest_ratio", _("In proportion to the lowest price: W × lowest ÷ price")),
            ("linear_lowest", _("Straight line from the lowest price: W × (2 − price ÷ lowest)")),
            ("high_low", _("Between highest and lowest price: W × (highest − price) ÷ (highest − lowest)")),
            ("squared_ratio", _("In proportion to the square: W × (lowest ÷ price)²")),
            ("mean_bounded", _("Around the mean price: W ÷ 2 × (2 − price ÷ mean)")),
            ("absolute_linear", _("Straight line between two fixed prices: all at the lower, none at the upper")),
        ],
    ),
    (
        _("For a mark"),
        [
            ("proportional", _("In proportion to the mark: W × mark ÷ highest mark")),
            ("best_ratio", _("In proportion to the best mark given: W × mark ÷ best mark")),
        ],
    ),
]
ROWS = {"rows": 6}
PLACES = {
    "id": "title",
    "params": "formula",
    "params/ceiling": "ceiling",
    "params/floor_price": "floor_price",
    "params/floor": "below_zero",
}


class CriterionForm(WrittenForm):
    """A criterion of `documents.LOT`. ``key``: its id, which a new one takes from its title."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    parent = forms.CharField(
        label=_("Sub-criterion of"),
        required=False,
        max_length=200,
        help_text=_("The title of the criterion it belongs to, the same for each of its sub-criteria."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Criterion.Kind.choices)
    weight = FigureField(label=_("Weight, out of 100"), unit=PERCENT)
    formula = forms.ChoiceField(label=_("Formula"), choices=FORMULA_CHOICES)
    floor_price = FigureField(
        label=_("Price that gets all the points"),
        required=False,
        unit=MONEY,
        help_text=_("Only between two fixed prices."),
    )
    ceiling = FigureField(
        label=_("Price from which on there are none"),
        required=False,
        unit=MONEY,
        help_text=_("Only between two fixed prices."),
    )
    below_zero = forms.BooleanField(
        label=_("Below zero beyond twice the lowest price"),
        required=False,
        help_text=_("Only on a straight line from the lowest price; otherwise points end at zero."),
    )
    scale = FigureField(label=_("Highest mark"), required=False, help_text=_("Only for what is marked."))
    minimum = FigureField(
        label=_("Eliminating mark"), required=False, help_text=_("A bid marked lower is out. Only for what is marked.")
    )
    steps = forms.CharField(
        label=_("Meaning of the marks"),
        required=False,
        widget=forms.Textarea(attrs=ROWS),
        help_text=_("One mark a line, from the lowest to the highest: the mark, a colon, what it means."),
    )
    counts_environment = forms.BooleanField(label=_("Takes the environment into account"), required=False)

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        in_currency(self.fields, currency)

    @classmethod
    def values_of(cls, criterion: Document) -> dict[str, Any]:
        """What the fields hold for a criterion of a document."""
        params = criterion.get("params", {})
        return {
            **criterion,
            **params,
            "key": criterion["id"],
            "below_zero": params.get("floor") == "no",
            "steps": "\n".join(written_step(step) for step in criterion.get("steps", [])),
        }

    def clean_steps(self) -> list[Document]:
        """[{"value", "meaning"}, …] of the lines."""
        steps = []
        for number, line in enumerate(self.cleaned_data["steps"].splitlines(), start=1):
            mark, colon, meaning = line.partition(":")
            if not line.strip():
                continue
            if not colon or (value := read_figure(mark)) is None:
                sentence = gettext("Line %(number)d: write the mark, a colon, then what it means.")
                raise forms.ValidationError(sentence % {"number": number})
            steps.append({"value": value, "meaning": meaning.strip()})
        return steps

    def clean(self) -> dict[str, Any]:
        """A formula of prices is for a price, one of marks for a mark; what another formula takes stays empty."""
        given = self.cleaned_data
        kind, formula = given.get("kind"), given.get("formula")
        if kind and formula:
            priced = kind in ON_PRICE
            if (FORMULAS[formula].on == "price") != priced:
                self.add_error(
                    "formula", _("This formula is for prices.") if not priced else _("This one is for marks.")
                )
            self._refuse_unused(FORMULAS[formula].params.members, priced=priced)
        return given

    def _refuse_unused(self, params: Any, *, priced: bool) -> None:
        for name in ("ceiling", "floor_price"):
            if self.cleaned_data.get(name) and name not in params:
                self.add_error(name, _("This formula takes no fixed price: leave the field empty."))
        if self.cleaned_data.get("below_zero") and "floor" not in params:
            self.add_error("below_zero", _("This formula never gives points below zero."))
        for name in ("scale", "minimum", "steps"):
            if priced and self.cleaned_data.get(name):
                self.add_error(name, _("A price is not marked: leave the field empty."))
        if not priced and not self.cleaned_data.get("scale") and "scale" not in self.errors:
            self.add_error("scale", _("Give the highest mark."))

    def document(self, taken: set[str]) -> Document:
        """The criterion as it was typed, under an id that is not yet among ``taken``."""
        params = self.filled("ceiling", "floor_price") | ({"floor": "no"} if self.given("below_zero") else {})
        return {
            "id": self.given("key") or new_key(self.given("title"), taken),
            "title": self.given("title"),
            "kind": self.given("kind"),
            "weight": self.given("weight"),
            "formula": self.given("formula"),
            "params": params,
            "counts_environment": bool(self.given("counts_environment")),
            **self.filled("parent", "scale", "minimum"),
            **({"steps": self.given("steps")} if self.given("steps") else {}),
        }

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the criterion's document (a pointer without its first slash)."""
        self.show(PLACES.get(place, "steps" if place.startswith("steps") else place or None), sentence)


def written_step(step: Document) -> str:
    """A step as its line is typed."""
    return f"{figure(step['value'])}: {step['meaning']}"


def new_key(title: str, taken: set[str]) -> str:
    """An id of at most 40 characters made of ``title``, with a number where another has it."""
    start = slugify(title)[:36].strip("-_") or "c"
    key, number = start, 1
    while key in taken:
        number += 1
        key = f"{start}-{number}"
    return key
