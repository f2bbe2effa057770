"""Fields drawn without a template each: a grid of marks has hundreds of them, and a template is most of their cost."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString


class QuickInput(forms.TextInput):
    """The very element that Django's own template of a text input makes."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        said = {} if widget["value"] is None else {"value": widget["value"]}
        return format_html('<input type="{}" name="{}"{}>', widget["type"], name, flatatt(said | widget["attrs"]))


class QuickTextarea(forms.Textarea):
    """The very element that Django's own template of a text area makes."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        # A browser drops the first line break of a text area: this one.
        return format_html(
            '<textarea name="{}"{}>\n{}</textarea>', name, flatatt(widget["attrs"]), widget["value"] or ""
        )
