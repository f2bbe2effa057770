"""What pages call an environmental indicator."""

from django import template

from procurement.policies.seeded_texts import indicator_name

register = template.Library()
register.filter("indicator", indicator_name)
