"""The words of the record, for its pages."""

from django import template

from procurement.people import actions

register = template.Library()
register.filter("deed", actions.deed)
register.filter("thing", actions.thing)
