"""What stands over a grid of marks: how many are given, how many wait, and what “undo” would undo."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from procurement.evaluation.mark_forms import MarksForm
from procurement.evaluation.models import MarkDraft, Panel
from procurement.evaluation.present.panels import agreed_grid, own_grid
from procurement.evaluation.services.undoing import Change, last_change, newest_draft, number
from procurement.fields import plain
from procurement.people.templatetags.reading import figure

GRIDS = {MarkDraft.Kind.INDIVIDUAL: own_grid, MarkDraft.Kind.AGREED: agreed_grid}
OWN_DOORS = {"page": "judge", "keep": "keep_own", "paste": "paste_own", "undo": "undo_own"}
AGREED_DOORS = {"page": "agree", "keep": "keep_agreed", "paste": "paste_agreed", "undo": "undo_agreed", "lock": "lock"}
SAID = 3  # how many of the marks that are undone are said one by one
DRAFT, MARK = "draft", "mark"  # what `Undo.what` says is undone


@dataclass(frozen=True, slots=True)
class Undo:
    """What the button undoes: something typed that is forgotten, or changed marks that become what they were.

    ``seen`` tells this change from a later one. ``sentences`` say what is undone, one for each mark.
    """

    what: str
    seen: int
    sentences: list[str]

    @property
    def first(self) -> list[str]:
        return self.sentences[:SAID]

    @property
    def more(self) -> int:
        return len(self.sentences) - len(self.first)


@dataclass(frozen=True, slots=True)
class GridState:
    """How far a grid is: ``given`` of ``wanted`` marks, and how many places hold something typed and not given.

    ``own``: the marks are those of a member, not those the panel agreed on.
    """

    own: bool
    given: int
    wanted: int
    waiting: int
    undo: Undo | None

    @property
    def complete(self) -> bool:
        return bool(self.wanted) and self.given >= self.wanted and not self.waiting


def grid_state(panel: Panel, kind: str, reader: Any, form: MarksForm) -> GridState:
    """Two queries beside those of the ``form``."""
    places = {(bid.pk, criterion.pk) for bid in form.bids for criterion in form.criteria}
    return GridState(
        own=kind == MarkDraft.Kind.INDIVIDUAL,
        given=len(places & set(form.kept.rows)),
        wanted=len(places),
        waiting=len(places & set(form.drafts)),
        undo=_undo(panel, kind, reader, form),
    )


def grid_context(panel: Panel, kind: str, reader: Any, form: MarksForm) -> dict[str, Any]:
    """What the templates of a grid need beside the ``form``."""
    return {"state": grid_state(panel, kind, reader, form), "doors": doors(panel, kind)}


def doors(panel: Panel, kind: str) -> dict[str, str]:
    """The addresses of a grid: its page, and where what is typed waits, a table is pasted and a change undone."""
    own = kind == MarkDraft.Kind.INDIVIDUAL
    names = OWN_DOORS if own else AGREED_DOORS
    return {
        door: reverse(f"evaluation:{name}", args=[panel.pk if own else panel.lot_id]) for door, name in names.items()
    }


def _undo(panel: Panel, kind: str, reader: Any, form: MarksForm) -> Undo | None:
    draft = newest_draft(panel.lot, kind, reader)
    if draft is not None:
        return Undo(DRAFT, draft.pk, [_forgotten(draft, form)])
    changes = last_change(panel.lot, kind, reader)
    return Undo(MARK, number(changes), [_restored(change, form) for change in changes]) if changes else None


def _forgotten(draft: MarkDraft, form: MarksForm) -> str:
    where = {"tenderer": form.bidders[draft.bid_id], "criterion": draft.criterion, "mark": figure(draft.mark) or "–"}
    return _("%(criterion)s, %(tenderer)s: what you typed, mark %(mark)s, will be forgotten.") % where


def _restored(change: Change, form: MarksForm) -> str:
    where = {
        "tenderer": form.bidders[change.now.bid_id],
        "criterion": change.now.criterion,
        "now": figure(plain(change.now.value)),
        "before": figure(plain(change.before.value)),
    }
    if change.now.value == change.before.value:
        return _("%(criterion)s, %(tenderer)s: mark %(now)s has its former reason again.") % where
    return _("%(criterion)s, %(tenderer)s: mark %(now)s becomes %(before)s again, with its former reason.") % where
