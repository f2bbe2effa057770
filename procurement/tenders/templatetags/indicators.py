"""What pages call an environmental indicator, and what a bid brings for it."""

from django import template

from procurement.people.templatetags.reading import figure
from procurement.policies.seeded_texts import indicator_name, translated

register = template.Library()
register.filter("indicator", indicator_name)


@register.filter
def evidence(value: str) -> str:
    """A number as the reader writes it, a label of a seed in the reader's language, any other text as it stands."""
    return figure(translated(value))
