"""The words of the record, for its pages."""

from django import template

from procurement.people import actions
from procurement.people.roles import Role

register = template.Library()
register.filter("deed", actions.deed)
register.filter("thing", actions.thing)
register.filter("page_for", actions.page_of)


@register.filter
def role(written: str) -> str:
    """The role a line keeps, in words; as written where no person acted."""
    return str(Role(written).label) if written in Role.values else written
