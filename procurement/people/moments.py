"""A day and an hour as people type them: two inputs, read in the portal's zone, which the help of the field says."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class MomentField(forms.SplitDateTimeField):
    """Cleaned to an aware moment; None where neither was typed and none is required."""

    def __init__(self, **options: Any) -> None:
        day: dict[str, Any] = {"type": "date", "aria-label": format_lazy(_("{what}: day"), what=options["label"])}
        hour: dict[str, Any] = {"type": "time", "aria-label": format_lazy(_("{what}: hour"), what=options["label"])}
        widget = forms.SplitDateTimeWidget(
            date_attrs=day,
            time_attrs=hour,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        both = _("Give both the day and the hour.")
        wrong = {
            "required": both,
            "invalid_date": _("A day is due here: the day, the month and the year."),
            "invalid_time": _("An hour is due here, as in 14:05."),
        }
        super().__init__(widget=widget, error_messages=wrong, **{"help_text": _("Paris time."), **options})
