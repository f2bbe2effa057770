"""Reasons that services write as a code: the record keeps the code, readers are told the word."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.ledger.models import Line
from procurement.ledger.reasons import texts_of
from procurement.people.roles import Role
from procurement.people.templatetags.reading import moment

ROLES: Mapping[str, str | Promise] = {role.value: role.label for role in Role}
CODES: Mapping[str, Mapping[str, str | Promise]] = {
    "person.created": ROLES,
    "person.role_changed": ROLES,
    "person.language_chosen": {"fr": _("French"), "en": _("English")},
    "policy_version.approved": {"in_force": _("In force"), "proposed": _("Proposal: simulation only")},
    "bid.excluded": {
        "late": _("Late"),
        "irregular": _("Irregular"),
        "unacceptable": _("Unacceptable"),
        "inappropriate": _("Inappropriate"),
    },
    "bid.price_explained": {
        "accepted": _("The explanations account for the price"),
        "rejected": _("The explanations do not account for the price"),
    },
    "bid.version_entered": {"negotiation": _("Round of the negotiation"), "regularisation": _("Regularisation")},
    "bundle.exported": {"full": _("Full"), "communicable": _("Communicable")},
}


def in_words(action: str, reason: str) -> str:
    """The reason of a line as people read it: a code, alone or before a colon, in words; other text as it is."""
    code, colon, text = reason.partition(": ")
    word = _deadlines(code) if action == "tender.deadline_changed" else CODES.get(action, {}).get(code)
    return reason if word is None else _joined(str(word), text) if colon else str(word)


def reasons_of(lines: Iterable[Line]) -> dict[str, str]:
    """What readers are told of the reasons of ``lines``, by the reason in the line; two queries at most."""
    lines = list(lines)
    texts = texts_of(lines)
    return {line.reason: in_words(line.action, texts[line.reason]) for line in lines if line.reason}


def _deadlines(code: str) -> str | None:
    """Two deadlines as `tenders` writes them, `2026-10-01T10:00:00Z 2026-10-08T10:00:00Z`; `-` where there was none."""
    before, _space, after = code.partition(" ")
    try:
        now = moment(datetime.fromisoformat(after))
        if before == "-":
            return gettext("It is %(after)s") % {"after": now}
        told = {"after": now, "before": moment(datetime.fromisoformat(before))}
        return gettext("It is %(after)s and was %(before)s") % told
    except ValueError:
        return None


def _joined(word: str, text: str) -> str:
    return str(_("%(code)s: %(text)s")) % {"code": word, "text": text}
