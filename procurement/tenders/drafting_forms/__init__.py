"""The forms a draft is written in: they build the documents of `tenders.documents` and show what is wrong with them."""

from procurement.tenders.drafting_forms.lot import LotDraft
from procurement.tenders.drafting_forms.start import StartForm
from procurement.tenders.drafting_forms.terms import TermsForm

__all__ = ["LotDraft", "StartForm", "TermsForm"]
