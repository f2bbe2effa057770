"""Lines of the record found by the words its pages show, or by the codes it keeps."""

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from procurement.people.actions import ACTIONS, READ, REFUSALS, deed
from procurement.people.models import User


def by(text: str) -> Q:
    """Lines of those whose names hold every word of ``text``, in any order."""
    named = Q()
    for word in text.split():
        named &= Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
    actors = [f"user:{key}" for key in User.objects.filter(named).values_list("pk", flat=True)]
    return Q(actor__in=[*actors, "system"] if _holds(_("The software"), text) else actors)


def doing(text: str) -> Q:
    """Lines whose deed says ``text`` in the reader's language, or whose action starts with it: `lot.`."""
    codes = [*ACTIONS, *(f"{service}.refused" for service in REFUSALS)]
    found = Q(action__startswith=text) | Q(action__in=[code for code in codes if _holds(deed(code), text)])
    return found | Q(action__endswith=".read") if _holds(str(READ), text) else found


def about(text: str) -> Q:
    """Lines about a thing as the record writes it (`tenders.Lot:12`, `tenders.Lot`) or as people call it (“lot 12”)."""
    if ":" in text:
        return Q(object=text)
    words, _space, number = text.rpartition(" ") if text[-1].isdigit() else (text, "", "")
    labels = [model._meta.label for model in apps.get_models() if words and _holds(model._meta.verbose_name, words)]
    if number:
        return Q(object__in=[f"{label}:{number}" for label in labels])
    found = Q(object__startswith=text)
    for label in labels:
        found |= Q(object__startswith=f"{label}:")
    return found


def _holds(sentence: object, text: str) -> bool:
    return _plain(text) in _plain(str(sentence))


def _plain(text: str) -> str:
    """Without capitals, and with the apostrophe of keyboards."""
    return text.casefold().replace("’", "'")
