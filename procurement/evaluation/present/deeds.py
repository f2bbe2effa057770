"""What was done about a decision, in whole sentences: one for each action of the record that can stand in its timeline.

The names in `%(…)s` are those of the facts `timeline` gives. Each language has the sentence whole: none is glued
of pieces whose gender or article another language would write differently.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LED_TO_IT: Mapping[str, Promise] = {
    "tender.drafted": _("%(who)s drafted the procedure."),
    "tender.changed": _("%(who)s changed the draft of the procedure."),
    "tender.terms_changed": _("%(who)s changed the terms of the draft."),
    "lot.drafted": _("%(who)s drafted the lot."),
    "lot.changed": _("%(who)s changed the draft of the lot."),
    "policy_version.approved": _("%(who)s approved %(policy)s."),
    "tender.published": _("%(who)s published the procedure and froze its rules."),
    "tender.announced": _("%(who)s announced the award criteria of the lots."),
    "tender.opened": _("%(who)s opened the bids."),
    "tender.deadline_changed": _("%(who)s changed the deadline for the receipt of bids."),
    "bid.entered": _("%(who)s entered the bid of the tenderer %(tenderer)s."),
    "bid.schedule_read": _("%(who)s took the bid of %(tenderer)s from the price schedule that was filled in."),
    "bid.origin_taken": _("%(who)s took over the recorded origin of the operator into the bid of %(tenderer)s."),
    "bid.members_recorded": _("%(who)s recorded who makes the bid of the tenderer %(tenderer)s with it."),
    "bid.group_origin_retained": _("%(who)s recorded the origin retained for the consortium of %(tenderer)s."),
    "bid.marked": _("%(who)s marked the bid of the tenderer %(tenderer)s."),
    "bid.price_explanation_requested": _("%(who)s asked the tenderer %(tenderer)s to explain its low price."),
    "bid.price_explanation_answered": _("%(who)s recorded what the tenderer %(tenderer)s answered about its price."),
    "bid.price_explained": _("%(who)s recorded how the tenderer %(tenderer)s explains its low price."),
    "bid.excluded": _("%(who)s excluded the bid of the tenderer %(tenderer)s."),
    "bid.proof_added": _("%(who)s added a proof document to the bid of the tenderer %(tenderer)s."),
    "bid.proof_withdrawn": _("%(who)s withdrew a proof document of the bid of the tenderer %(tenderer)s."),
    "bid.amounts_stated": _("%(who)s kept the amounts that the tenderer %(tenderer)s stated."),
    "bid.regularisation_requested": _("%(who)s asked the tenderer %(tenderer)s to regularise its bid."),
    "bid.regularisation_answered": _("%(who)s recorded what the tenderer %(tenderer)s answered to that request."),
    "bid.regularisation_concluded": _("%(who)s concluded the regularisation of the bid of %(tenderer)s."),
    "bid.version_entered": _("%(who)s entered another version of the bid of the tenderer %(tenderer)s."),
    "lot.ipi_exception": _("%(who)s recorded an exception to the IPI measure for the lot."),
    "lot.marks_taken": _("%(who)s took over the marks of the original lot."),
    "lot.marks_locked": _("%(who)s locked the marks the panel had agreed on."),
    "lot.scored": _("%(who)s scored the lot under its published rules, which made sheet %(sheet)s."),
    "lot.simulated": _("%(who)s simulated the lot under other rules, which made sheet %(sheet)s."),
    "lot.block_lifted": _("%(who)s lifted what blocked the award: “%(finding)s”"),
    "lot.awarded": _("%(who)s awarded the lot to %(winner)s, on sheet %(sheet)s."),
    "lot.ended": _("%(who)s ended the lot without an award."),
    "bid.letter_written": _("%(who)s wrote a paragraph of the letter to the tenderer %(tenderer)s."),
    "lot.letters_sent": _("%(who)s recorded the letters to the tenderers as sent."),
}
# The same as "bid.marked" where the row of the mark tells what was marked, and how.
MARKED = _("%(who)s gave the bid of the tenderer %(tenderer)s %(mark)s on “%(criterion)s”.")
# What those who read the record are told as well.
LEFT_THE_PORTAL: Mapping[str, Promise] = {
    "bundle.exported": _("%(who)s exported the decision in a bundle of evidence."),
    "file.exported": _("%(who)s exported a file."),
    "tender.copied_for_training": _("%(who)s made a training copy of the procedure."),
}
READ: Mapping[str, Promise] = {
    "tender": _("%(who)s read the page of the procedure."),
    "lot": _("%(who)s read the page of the lot."),
    "bid": _("%(who)s read the bid of the tenderer %(tenderer)s."),
    "scoresheet": _("%(who)s read sheet %(sheet)s."),
    "decision": _("%(who)s read the decision."),
}
REFUSED = _("%(who)s was refused %(what)s.")
OTHERWISE = _("%(who)s left a line in the record: %(what)s.")


def sentence(action: str, facts: Mapping[str, str]) -> str:
    """What a line of the record says, whole. ``facts["what"]`` is what was refused, or the action, in words."""
    noun, _dot, verb = action.rpartition(".")
    if verb == "refused":
        return str(REFUSED) % facts
    if facts["criterion"]:
        return str(MARKED) % facts
    told = LED_TO_IT.get(action) or LEFT_THE_PORTAL.get(action) or (READ.get(noun) if verb == "read" else None)
    return str(told or OTHERWISE) % facts
