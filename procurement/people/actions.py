"""The record in words: who acted, what was done, to what. The record itself keeps text ids only."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.permissions import Permission, may

ACTIONS: Mapping[str, str | Promise] = {
    # people
    "person.created": gettext_lazy("created the account"),
    "person.role_changed": gettext_lazy("changed the role"),
    "person.deactivated": gettext_lazy("closed the account"),
    "person.reactivated": gettext_lazy("opened the account again"),
    "person.password_renewed": gettext_lazy("made up a new password"),
    "person.password_chosen": gettext_lazy("chose a password"),
    "person.language_chosen": gettext_lazy("chose a language"),
    "person.logged_in": gettext_lazy("logged in"),
    "person.login_failed": gettext_lazy("refused a wrong password"),
    "group.registered": gettext_lazy("registered a group of hospitals"),
    "hospital.registered": gettext_lazy("registered a hospital"),
    "membership.created": gettext_lazy("let a buyer work for a hospital"),
    "membership.ended": gettext_lazy("ended the work of a buyer for a hospital"),
    "mandate.given": gettext_lazy("gave a mandate"),
    "mandate.withdrawn": gettext_lazy("withdrew a mandate"),
    "token.created": gettext_lazy("created a token"),
    "token.revoked": gettext_lazy("revoked a token"),
    # jobs
    "job.enqueued": gettext_lazy("asked for background work"),
    "job.requeued": gettext_lazy("gave background work to another worker"),
    "job.cancel_requested": gettext_lazy("asked for background work to stop"),
    "job.cancelled": gettext_lazy("stopped background work"),
    "job.done": gettext_lazy("finished background work"),
    "job.failed": gettext_lazy("gave up background work"),
    # suppliers and policies
    "supplier.registered": gettext_lazy("registered a supplier"),
    "supplier.origin_recorded": gettext_lazy("recorded the origin of a supplier"),
    "policy_version.drafted": gettext_lazy("drafted a version"),
    "policy_version.changed": gettext_lazy("changed a draft"),
    "policy_version.submitted": gettext_lazy("submitted a version"),
    "policy_version.sent_back": gettext_lazy("sent a version back"),
    "policy_version.approved": gettext_lazy("approved a version"),
    "policy_version.retired": gettext_lazy("retired a version"),
    # procedures
    "tender.drafted": gettext_lazy("drafted the procedure"),
    "tender.changed": gettext_lazy("changed the draft of the procedure"),
    "tender.published": gettext_lazy("published the procedure and froze its rules"),
    "tender.opened": gettext_lazy("opened the bids"),
    "tender.copied_for_training": gettext_lazy("made a training copy"),
    "lot.changed": gettext_lazy("changed the draft of the lot"),
    "lot.ipi_exception": gettext_lazy("recorded an exception to the IPI measure"),
    "bid.entered": gettext_lazy("entered a bid"),
    "bid.excluded": gettext_lazy("excluded a bid"),
    "bid.origin_taken": gettext_lazy("took over the recorded origin of the operator"),
    "bid.marked": gettext_lazy("marked a bid"),
    "bid.price_explained": gettext_lazy("recorded the explanations of a low price"),
    "lot.marks_taken": gettext_lazy("took over the marks of the original"),
    "lot.scored": gettext_lazy("scored the lot under its published rules"),
    "lot.simulated": gettext_lazy("opened a simulation under other rules"),
    "lot.block_lifted": gettext_lazy("lifted a blocking finding"),
    "lot.awarded": gettext_lazy("awarded the lot"),
    "lot.ended": gettext_lazy("ended the lot without an award"),
    "bundle.exported": gettext_lazy("exported the decision in a bundle of evidence"),
    # estimates and archive
    "cashback_estimate.requested": gettext_lazy("asked for a cash-back estimate"),
    "cashback_estimate.finished": gettext_lazy("finished a cash-back estimate"),
    "archive.imported": gettext_lazy("imported an archive"),
}
# What auditors read: `permissions.trace_reading` builds the action from the model and the verb.
READINGS: Mapping[str, str | Promise] = {
    "read": gettext_lazy("read"),
    "export": gettext_lazy("exported"),
}

# The pages that show what a line is about, and the permission they ask for.
PAGES: Mapping[str, tuple[str, Permission]] = {
    "tenders.Tender": ("tenders:tender", Permission.READ_TENDER),
    "tenders.Lot": ("evaluation:lot", Permission.READ_LOT),
    "evaluation.Decision": ("evaluation:decision", Permission.READ_DECISION),
    "policies.PolicyVersion": ("policies:version", Permission.READ_POLICY),
    "cashback.Estimate": ("cashback:estimate", Permission.READ_ESTIMATE),
    "people.User": ("people:person", Permission.MANAGE_PEOPLE),
}


def deed(action: str) -> str:
    """What was done, as the end of a sentence that starts with who did it; the action itself where no words exist."""
    _noun, _dot, verb = action.partition(".")
    return str(ACTIONS.get(action) or READINGS.get(verb) or action)


def thing(object_id: str) -> str:
    """`tenders.Lot:12` as people call it: `lot 12`."""
    label, _colon, number = object_id.partition(":")
    try:
        name = str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_id
    return f"{name} {number}".strip()


def page_of(object_id: str, user: User) -> str:
    """The address of what `tenders.Lot:12` names; empty where nothing shows it, or not to the role of ``user``."""
    label, _colon, number = object_id.partition(":")
    page, permission = PAGES.get(label, ("", None))
    return reverse(page, args=[number]) if permission and number.isdigit() and may(user, permission) else ""


def actors(lines: Iterable[Line]) -> dict[str, str]:
    """Who acted in ``lines``, by the text id the record keeps: people by their name, the software as such."""
    ids = {line.actor.removeprefix("user:") for line in lines if line.actor.startswith("user:")}
    people = {f"user:{person.pk}": str(person) for person in User.objects.filter(pk__in=ids)}
    return people | {"system": _("The software")}
