"""Who sits on the panel of a lot, and what each of them declares before reading."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from procurement.evaluation.disclosure import lettered
from procurement.evaluation.models import Declaration, IndividualMark, Mark, MarkDraft, Panel, Panelist
from procurement.evaluation.panels import conflicted, own_panel, require_unlocked
from procurement.evaluation.services.lots import held
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.scope import evaluators_of
from procurement.people.writes import service
from procurement.tenders.models import Lot, Stage
from scoring.canonical import sha256

SEED_BYTES = 32


@service
def seat(*, lot: Lot, person: User, by: User, at: datetime) -> Panelist:
    """Let an evaluator of the contracting body sit on the panel of a lot; the first one makes the panel.

    Raises Refused before the publication, on a training copy and once a mark is agreed, Invalid for somebody who
    does not evaluate for this hospital or sits already.
    """
    permissions.require(by, Permission.COMPOSE_PANEL, lot)
    lot = held(lot)
    _require_composable(lot)
    if not evaluators_of(lot.tender.contracting_body).filter(pk=person.pk).exists():
        raise Invalid(
            _("%(person)s is no evaluator of %(hospital)s: the administrator gives the role and the hospital.")
            % {"person": person, "hospital": lot.tender.contracting_body}
        )
    panel = Panel.objects.filter(lot=lot).first()
    panel = panel or Panel.objects.create(lot=lot, seed=secrets.token_hex(SEED_BYTES))
    panelist, new = Panelist.objects.get_or_create(panel=panel, user=person)
    if not new:
        raise Invalid(_("%(person)s sits on this panel already.") % {"person": person})
    ledger.record("panel.member_seated", panel, by=by, at=at, reason=ledger.name_of(person))
    return panelist


@service
def unseat(*, panelist: Panelist, by: User, at: datetime) -> None:
    """Take somebody off a panel before he gives a mark; the last one takes the panel with him.

    What he declared stays. Raises Refused once he gave a mark: it is never erased, and stays with its author.
    """
    panel, person = panelist.panel, panelist.user
    permissions.require(by, Permission.COMPOSE_PANEL, panel.lot)
    lot = held(panel.lot)
    _require_composable(lot)
    if IndividualMark.objects.filter(bid__lot=lot, given_by=person).exists():
        raise Refused(_("%(person)s has given marks, which stay: he stays on the panel.") % {"person": person})
    name = ledger.name_of(panel)
    MarkDraft.objects.filter(bid__lot=lot, written_by=person).delete()
    panelist.delete()
    if not panel.panelists.exists():
        panel.delete()
    ledger.record("panel.member_unseated", name, by=by, at=at, reason=ledger.name_of(person))


@service
def declare_interests(*, lot: Lot, conflict: bool, text: str, by: User, at: datetime) -> Declaration:
    """Declare, before reading the bids, whether one has an interest in the outcome; ``text`` says which.

    A declared conflict closes the lot to its author for good. Raises Invalid for a conflict without a text, Refused
    after one, and once the marks are locked.
    """
    panel = own_panel(lot, by)
    held(lot)
    if conflict and not text.strip():
        raise Invalid(_("Write what the conflict is: the buyer reads it, and decides who sits in your place."))
    if conflicted(lot, by):
        raise Refused(_("You declared a conflict of interest on this lot: it stays."))
    require_unlocked(lot)
    give_letters(panel)
    declaration = Declaration.objects.create(lot=lot, declared_by=by, conflict=conflict, declared_at=at)
    if conflict:
        MarkDraft.objects.filter(bid__lot=lot, written_by=by).delete()
    after = sha256({"lot": str(lot.pk), "person": ledger.name_of(by), "conflict": conflict})
    ledger.record("declaration.made", declaration, by=by, at=at, after=after, reason=text.strip())
    return declaration


def give_letters(panel: Panel) -> None:
    """Keep the letters of the bids there are: those that come later follow."""
    panel.lettered = lettered(panel, panel.lot.bids.values_list("pk", flat=True))
    panel.save(update_fields=["lettered"])


def may_compose(lot: Lot) -> bool:
    """Whether it is the moment to change who sits on the panel of a lot: published, and no mark agreed yet."""
    early = lot.stage in (Stage.PUBLISHED, Stage.OPENED) and not lot.tender.training
    return early and not Mark.objects.filter(bid__lot=lot).exists()


def _require_composable(lot: Lot) -> None:
    if lot.tender.training:
        raise Refused(_("This is a training copy: it takes the marks of its original, and has no panel."))
    if not may_compose(lot):
        raise Refused(_("A panel is composed between the publication and the first agreed mark."))
