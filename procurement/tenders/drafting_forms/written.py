"""What the forms of a draft share: a part of a document, built of what was typed even where it cannot be read."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict

Document = dict[str, Any]


class WrittenForm(forms.Form):
    """A form whose values go into a document as they were typed where they cannot be read: the service refuses these.

    ``quiet`` while rows are being added and taken out: what is being written is not judged yet.
    """

    use_required_attribute = False  # an empty field must not keep a row from being added
    quiet = False

    def full_clean(self) -> None:
        if self.quiet and self.is_bound:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def given(self, name: str) -> Any:
        """The cleaned value of a field, or what was typed into it."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        return self[name].data or ""

    def filled(self, *names: str) -> Document:
        """Those of the fields that were filled in."""
        return {name: value for name in names if (value := self.given(name)) != "" and value is not None}

    def show(self, field: str | None, sentence: str) -> None:
        """Put what is wrong beside ``field`` (None: the whole form), unless something is said there already."""
        if field is not None and field not in self.fields:
            field = None
        if field is None or field not in self.errors:
            self.add_error(field, forms.ValidationError(sentence))
