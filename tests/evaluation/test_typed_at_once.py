"""What is typed or undone at the very moment when somebody else does something to the same marks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from procurement.evaluation import services
from procurement.evaluation.models import MarkDraft
from procurement.evaluation.services import drafts, undoing
from procurement.evaluation.services.undoing import last_change, number
from procurement.people.models import Hospital, User
from procurement.people.refusals import Refused, Stale
from procurement.tenders.models import Lot
from tests.evaluation.conftest import NOW
from tests.evaluation.panels import Judged, agree_all, declare, give, give_all, judged, lock

OWN = MarkDraft.Kind.INDIVIDUAL


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    found = judged(buyer, hospital)
    declare(found, found.members[0])
    return found


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, done: Callable[[], object]) -> None:
    """Whoever waits for the lot in ``module`` gets it once somebody else has ``done`` something."""
    held = module.held

    def waited(lot: Lot) -> Lot:
        monkeypatch.setattr(module, "held", held)
        done()
        return held(lot)

    monkeypatch.setattr(module, "held", waited)


def test_nothing_is_kept_that_was_typed_while_the_marks_were_being_locked(
    case: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_all(case, case.members[0], "3")
    agree_all(case)
    meanwhile(monkeypatch, drafts, lambda: lock(case))
    typed = services.Typed(case.lot.bids.get(key="alpha"), case.lot.criteria.get(key="quality"), "3", "Too late.")

    with pytest.raises(Refused, match="locked"):
        services.keep_drafts(lot=case.lot, kind=OWN, typed=[typed], by=case.members[0], at=NOW)

    assert not MarkDraft.objects.exists()


def test_of_two_clicks_on_undo_the_second_finds_it_done(case: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    member = case.members[0]
    give(case, member, "5")
    give(case, member, "7")
    seen = str(number(last_change(case.lot, OWN, member)))

    def undo() -> int:
        return services.undo_marks(lot=case.lot, kind=OWN, seen=seen, by=member, at=NOW + timedelta(hours=1))

    meanwhile(monkeypatch, undoing, undo)
    with pytest.raises(Stale):
        undo()
