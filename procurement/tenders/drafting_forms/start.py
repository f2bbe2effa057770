"""What a new lot starts from: nothing, a template of criteria, a published grid, or another lot the reader may see."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from procurement.people.models import User
from procurement.tenders import grids
from procurement.tenders.drafted import lot_document
from procurement.tenders.drafting_forms.published import Begun, begun
from procurement.tenders.drafting_forms.written import Document
from procurement.tenders.models import Lot, ReferenceGrid, Tender

SCRATCH: Document = {
    "title": "",
    "criteria": [
        {"id": "", "title": "", "kind": "price", "weight": "", "formula": "lowest_ratio"},
        {"id": "", "title": "", "kind": "quality", "weight": "", "formula": "proportional", "scale": ""},
    ],
    "items": [{"id": "", "designation": "", "unit": "", "needs": {}}],
    "tie_break": ["lower_price", "higher_environment"],
}


class StartForm(forms.Form):
    """Where the criteria and items of a new lot come from; everything can be changed before it is saved."""

    template = forms.ChoiceField(
        label=_("Start from a template of criteria"),
        required=False,
        help_text=_("Criteria, weights, formulas and scales; the items are yours to add."),
    )
    copy = forms.ModelChoiceField(
        label=_("Or as a copy of"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("no other lot"),
        help_text=_("Its criteria, items and needs; needs of hospitals outside the group are left out."),
    )
    grid = forms.ModelChoiceField(queryset=ReferenceGrid.objects.all(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: User, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tender = tender
        templates, copies = self.fields["template"], self.fields["copy"]
        assert isinstance(templates, forms.ChoiceField)
        assert isinstance(copies, forms.ModelChoiceField)
        templates.choices = [("", _("no template")), *((grid.identifier, grid.title) for grid in grids.all())]
        copies.queryset = Lot.objects.visible_to(reader).select_related("tender").order_by("-tender_id", "number")

    def document(self, number: int) -> Document:
        """The document a new lot ``number`` is begun with."""
        start = self._start(self.cleaned_data) if self.is_valid() else SCRATCH
        return {**start, "items": start["items"] or SCRATCH["items"], "number": number}

    def _start(self, chosen: dict[str, Any]) -> Document:
        if chosen["copy"]:
            return lot_document(Lot.objects.for_draft().get(pk=chosen["copy"].pk))
        if chosen["template"]:
            return grids.lot_document(chosen["template"], "en" if get_language() == "en" else "fr")
        return SCRATCH if self._begun is None else {**SCRATCH, "criteria": self._begun.criteria}

    @property
    def notes(self) -> list[str]:
        """What is said of a published grid that the lot is begun with."""
        return self._begun.notes if self._begun else []

    @cached_property
    def _begun(self) -> Begun | None:
        """What a published grid makes of the lot, where one was chosen and nothing else."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if not chosen.get("grid") or chosen["copy"] or chosen["template"]:
            return None
        return begun(chosen["grid"], self.tender)
