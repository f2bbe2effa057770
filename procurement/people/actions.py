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
    "hospital.corrected": gettext_lazy("corrected what is registered of a hospital"),
    "membership.created": gettext_lazy("let a buyer work for a hospital"),
    "membership.ended": gettext_lazy("ended the work of a buyer for a hospital"),
    "mandate.given": gettext_lazy("gave a mandate"),
    "mandate.withdrawn": gettext_lazy("withdrew a mandate"),
    "token.created": gettext_lazy("created a token"),
    "token.revoked": gettext_lazy("revoked a token"),
    # jobs
    "job.enqueued": gettext_lazy("asked for background work"),
    "job.requeued": gettext_lazy("gave background work to another worker"),
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
    "tender.terms_changed": gettext_lazy("changed the terms of the draft"),
    "tender.dropped": gettext_lazy("deleted the draft of the procedure"),
    "tender.published": gettext_lazy("published the procedure and froze its rules"),
    "tender.announced": gettext_lazy("announced the award criteria of the lots"),
    "tender.opened": gettext_lazy("opened the bids"),
    "tender.deadline_changed": gettext_lazy("changed the deadline for the receipt of bids"),
    "tender.copied_for_training": gettext_lazy("made a training copy"),
    "lot.drafted": gettext_lazy("drafted the lot"),
    "lot.dropped": gettext_lazy("took the lot out of the draft"),
    "lot.changed": gettext_lazy("changed the draft of the lot"),
    "lot.profiles_invented": gettext_lazy("invented bids to try the rules of the lot on"),
    "lot.method_checked": gettext_lazy("checked the method of the lot on invented bids"),
    "lot.ipi_exception": gettext_lazy("recorded an exception to the IPI measure"),
    "bid.entered": gettext_lazy("entered a bid"),
    "bid.schedule_read": gettext_lazy("took a bid from the price schedule its tenderer filled in"),
    "bid.members_recorded": gettext_lazy("recorded who makes a bid together"),
    "bid.group_origin_retained": gettext_lazy("recorded the origin retained for a consortium"),
    "bid.excluded": gettext_lazy("excluded a bid"),
    "bid.amounts_stated": gettext_lazy("kept the amounts that a tenderer stated"),
    "bid.version_entered": gettext_lazy("entered another version of a bid"),
    "bid.regularisation_requested": gettext_lazy("asked a tenderer to regularise its bid"),
    "bid.regularisation_answered": gettext_lazy("recorded an answer to a request for regularisation"),
    "bid.regularisation_concluded": gettext_lazy("concluded a request for regularisation"),
    "bid.proof_added": gettext_lazy("added a proof document to a bid"),
    "bid.proof_withdrawn": gettext_lazy("withdrew a proof document of a bid"),
    "bid.origin_taken": gettext_lazy("took over the recorded origin of the operator"),
    "bid.marked": gettext_lazy("marked a bid"),
    "bid.price_explanation_requested": gettext_lazy("asked a tenderer to explain its low price"),
    "bid.price_explanation_answered": gettext_lazy("recorded an answer about a low price"),
    "bid.price_explained": gettext_lazy("recorded the explanations of a low price"),
    "lot.marks_taken": gettext_lazy("took over the marks of the original"),
    "panel.member_seated": gettext_lazy("let an evaluator sit on the panel"),
    "panel.member_unseated": gettext_lazy("took an evaluator off the panel"),
    "panel.marked": gettext_lazy("gave marks as a member of the panel"),
    "declaration.made": gettext_lazy("declared interests"),
    "lot.marks_locked": gettext_lazy("locked the agreed marks of the lot"),
    "lot.scored": gettext_lazy("scored the lot under its published rules"),
    "lot.simulated": gettext_lazy("opened a simulation under other rules"),
    "lot.block_lifted": gettext_lazy("lifted a blocking finding"),
    "lot.awarded": gettext_lazy("awarded the lot"),
    "lot.ended": gettext_lazy("ended the lot without an award"),
    "bid.letter_written": gettext_lazy("wrote a paragraph of the letter to a tenderer"),
    "lot.letters_sent": gettext_lazy("recorded the letters to the tenderers as sent"),
    "export.requested": gettext_lazy("asked for a bundle of decisions"),
    "bundle.exported": gettext_lazy("exported the decision in a bundle of evidence"),
    # estimates and archive
    "cashback_estimate.requested": gettext_lazy("asked for a cash-back estimate"),
    "cashback_estimate.finished": gettext_lazy("finished a cash-back estimate"),
    "archive.imported": gettext_lazy("imported an archive"),
    "archive.snapshot_made": gettext_lazy("made a snapshot of past lots"),
    "sweep.requested": gettext_lazy("asked for a simulation"),
    "sweep.finished": gettext_lazy("finished a simulation"),
    "look.requested": gettext_lazy("asked for a detailed look at a scenario"),
    "look.finished": gettext_lazy("finished a detailed look at a scenario"),
    "box.requested": gettext_lazy("asked how often each bid wins over ranges of values"),
    "box.finished": gettext_lazy("finished counting how often each bid wins over ranges of values"),
    "reference.imported": gettext_lazy("imported published criteria"),
    # of anything
    "reason.erased": gettext_lazy("erased the text of a reason"),
    "file.exported": gettext_lazy("exported a file"),
    "page.refused": gettext_lazy("was refused a page"),
}
# What auditors read: `permissions.trace_reading` puts the noun before it.
READ = gettext_lazy("read")
# What each service refuses, by its name: `award.refused` reads “was refused the award of the lot”.
REFUSALS: Mapping[str, str | Promise] = {
    # people
    "create_person": gettext_lazy("the creation of an account"),
    "change_role": gettext_lazy("the change of a role"),
    "deactivate": gettext_lazy("the closing of an account"),
    "reactivate": gettext_lazy("the opening of a closed account"),
    "renew_password": gettext_lazy("a new password for somebody"),
    "choose_password": gettext_lazy("a password of one’s own"),
    "choose_language": gettext_lazy("another language"),
    "register_group": gettext_lazy("the registration of a group of hospitals"),
    "register_hospital": gettext_lazy("the registration of a hospital"),
    "correct_hospital": gettext_lazy("a correction of a registered hospital"),
    "join": gettext_lazy("the admission of somebody to a hospital"),
    "leave": gettext_lazy("the end of somebody’s work for a hospital"),
    "give_mandate": gettext_lazy("the gift of a mandate"),
    "withdraw_mandate": gettext_lazy("the withdrawal of a mandate"),
    "create_token": gettext_lazy("a token"),
    "revoke_token": gettext_lazy("the revocation of a token"),
    "record_login": gettext_lazy("the log-in"),
    "record_file": gettext_lazy("a file"),
    "erase_reason": gettext_lazy("the erasure of a reason"),
    # jobs
    "enqueue": gettext_lazy("background work"),
    "cancel": gettext_lazy("the end of background work"),
    "cancel_sweep": gettext_lazy("the end of the work on a simulation"),
    "cancel_box": gettext_lazy("the end of the count of how often each bid wins"),
    # suppliers and policies
    "register_supplier": gettext_lazy("the registration of a supplier"),
    "record_operator_origin": gettext_lazy("a change of the origin of a supplier"),
    "draft_version": gettext_lazy("the drafting of a version"),
    "change_draft": gettext_lazy("the change of a drafted version"),
    "submit": gettext_lazy("the submission of a version"),
    "send_back": gettext_lazy("the return of a version to its drafter"),
    "approve": gettext_lazy("the approval of a version"),
    "retire": gettext_lazy("the retirement of a version"),
    # procedures
    "draft_tender": gettext_lazy("the drafting of a procedure"),
    "change_tender": gettext_lazy("a change of the procedure"),
    "change_terms": gettext_lazy("a change of the terms of the procedure"),
    "drop_tender": gettext_lazy("the deletion of a draft"),
    "add_lot": gettext_lazy("the drafting of a lot"),
    "drop_lot": gettext_lazy("the deletion of a lot"),
    "change_lot": gettext_lazy("a change of the lot"),
    "invent_profiles": gettext_lazy("invented bids for a lot"),
    "check_method": gettext_lazy("a check of the method of the lot"),
    "publish": gettext_lazy("the publication of the procedure"),
    "open_bids": gettext_lazy("the opening of the bids"),
    "change_deadline": gettext_lazy("another deadline for the receipt of bids"),
    "copy_for_training": gettext_lazy("a training copy"),
    "record_ipi_exception": gettext_lazy("an exception to the IPI measure"),
    "enter_bid": gettext_lazy("the entry of a bid"),
    "enter_bid_of_newcomers": gettext_lazy("the entry of a bid of operators new to the register"),
    "record_members": gettext_lazy("a record of the members of a consortium"),
    "retain_group_origin": gettext_lazy("the origin retained for a consortium"),
    "enter_schedule": gettext_lazy("the entry of a bid from its price schedule"),
    "exclude_bid": gettext_lazy("the exclusion of a bid"),
    "add_proof": gettext_lazy("a proof document of a bid"),
    "withdraw_proof": gettext_lazy("the withdrawal of a proof document"),
    "request_regularisation": gettext_lazy("a request to regularise a bid"),
    "answer_regularisation": gettext_lazy("the answer to a request for regularisation"),
    "conclude_regularisation": gettext_lazy("the conclusion of a request for regularisation"),
    "enter_version_of_schedule": gettext_lazy("the entry of another version of a bid from its price schedule"),
    "enter_version": gettext_lazy("the entry of another version of a bid"),
    "take_operator_origin": gettext_lazy("the recorded origin of the operator for a bid"),
    "mark": gettext_lazy("the mark of a bid"),
    "take_marks": gettext_lazy("the marks of the original"),
    "seat": gettext_lazy("a seat on the panel for somebody"),
    "unseat": gettext_lazy("the end of somebody’s seat on the panel"),
    "declare_interests": gettext_lazy("a declaration of interests"),
    "give_marks": gettext_lazy("marks as a member of the panel"),
    "agree_marks": gettext_lazy("the agreed marks of the panel"),
    "undo_marks": gettext_lazy("the undoing of a change of marks"),
    "lock_marks": gettext_lazy("the lock of the marks"),
    "request_price_explanation": gettext_lazy("a request about a low price"),
    "answer_price_explanation": gettext_lazy("the answer to a request about a low price"),
    "conclude_price_explanation": gettext_lazy("the conclusion of a request about a low price"),
    "explain_abnormally_low": gettext_lazy("a record of the explanations of a low price"),
    "score": gettext_lazy("the scoring of the lot"),
    "simulate": gettext_lazy("a simulation"),
    "lift_block": gettext_lazy("the lifting of a blocking finding"),
    "write_paragraph": gettext_lazy("a paragraph of the letter to a tenderer"),
    "record_letters": gettext_lazy("the record of the letters to the tenderers"),
    "award": gettext_lazy("the award of the lot"),
    "end": gettext_lazy("the end of the lot without an award"),
    "export_bundle": gettext_lazy("a bundle of evidence"),
    "request_export": gettext_lazy("a bundle of several decisions"),
    "record_export": gettext_lazy("a bundle of evidence"),
    # estimates and archive
    "request_estimate": gettext_lazy("a cash-back estimate"),
    "keep_archive": gettext_lazy("the import of an archive"),
    "keep_snapshot": gettext_lazy("a snapshot of past lots"),
    "request_snapshot": gettext_lazy("a snapshot of past lots"),
    "request_sweep": gettext_lazy("a simulation"),
    "request_look": gettext_lazy("a detailed look at a scenario"),
    "request_box": gettext_lazy("the count of how often each bid wins over ranges of values"),
    "keep_reference": gettext_lazy("the import of published criteria"),
}

# The pages that show what a line is about, and the permission they ask for.
PAGES: Mapping[str, tuple[str, Permission]] = {
    "tenders.Tender": ("tenders:tender", Permission.READ_TENDER),
    "tenders.Lot": ("evaluation:lot", Permission.READ_LOT),
    "evaluation.Decision": ("evaluation:decision", Permission.READ_DECISION),
    "policies.PolicyVersion": ("policies:version", Permission.READ_POLICY),
    "audit.Export": ("audit:export", Permission.EXPORT_DECISION),
    "cashback.Estimate": ("cashback:estimate", Permission.READ_ESTIMATE),
    "people.User": ("people:person", Permission.MANAGE_PEOPLE),
    "people.Hospital": ("people:hospital", Permission.MANAGE_PEOPLE),
}

# What a refused page belongs to, by the namespace of its address; the endpoints of the API have none.
ROOMS: Mapping[str, str | Promise] = {
    "people": gettext_lazy("a page about people and hospitals"),
    "ledger": gettext_lazy("a page of the record"),
    "policies": gettext_lazy("a page about policies"),
    "registry": gettext_lazy("a page about suppliers"),
    "tenders": gettext_lazy("a page about procedures and bids"),
    "evaluation": gettext_lazy("a page about lots and their evaluation"),
    "cashback": gettext_lazy("a page about the cash-back"),
    "simulation": gettext_lazy("a page of the studio"),
    "jobs": gettext_lazy("a page about background work"),
    "audit": gettext_lazy("a page of the exports"),
    "": gettext_lazy("an address of the API"),
}
SHORT, DASHES_OF_UUID = 8, 4


def deed(action: str) -> str:
    """What was done, as the end of a sentence that starts with who did it; the action itself where no words exist."""
    noun, _dot, verb = action.partition(".")
    if verb == "refused" and noun in REFUSALS:
        return _("was refused %(what)s") % {"what": REFUSALS[noun]}
    return str(READ if verb == "read" else ACTIONS.get(action, action))


def thing(object_id: str) -> str:
    """`tenders.Lot:12` as people call it: `lot 12`; of a page the room it is in, of a long id its beginning."""
    label, _colon, number = object_id.partition(":")
    if label == "page":
        room, colon, _name = number.partition(":")
        return str(ROOMS.get(room, ROOMS[""]) if colon else ROOMS[""])
    number = number[:SHORT] if number.count("-") == DASHES_OF_UUID else number
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
