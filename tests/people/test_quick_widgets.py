"""Fields drawn without a template are those Django draws with one."""

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from procurement.people.quick_widgets import QuickInput, QuickTextarea

VALUES = [None, "", "12,5", 'a "quoted" <b>&amp;</b>', "\nfirst line empty", "two\nlines\n", 0]
ATTRIBUTES: list[dict[str, Any]] = [
    {},
    {"id": "id_mark", "required": True, "disabled": False, "class": "num"},
    {"maxlength": 2000, "aria-describedby": "help", "title": 'say "why"'},
]


@pytest.mark.parametrize(("quick", "slow"), [(QuickInput, forms.TextInput), (QuickTextarea, forms.Textarea)])
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("attrs", ATTRIBUTES)
def test_a_quick_field_is_the_element_django_draws(
    quick: type[forms.TextInput | forms.Textarea], slow: type[forms.TextInput | forms.Textarea], value: Any, attrs: Any
) -> None:
    drawn, usual = (kind(attrs={"data-row": 2}).render("grid-1", value, attrs) for kind in (quick, slow))

    assert parse_html(drawn) == parse_html(usual)
    assert drawn.partition(">")[2] == usual.strip().partition(">")[2]  # what stands in a text area, to the last break
