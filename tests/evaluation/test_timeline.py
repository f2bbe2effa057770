"""The timeline of a decision: whole sentences in both languages, day by day, and only what the reader may know."""

import re
from collections.abc import Callable

import pytest
from django.utils import translation

from procurement.evaluation import services
from procurement.evaluation.models import Decision, MarkVersion
from procurement.evaluation.present import deeds
from procurement.evaluation.present.timeline import Event, timeline
from procurement.ledger.models import Disclosure, Line
from procurement.people.models import User
from procurement.people.permissions import trace_reading
from procurement.people.refusals import Refused
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Lot
from tests.evaluation.conftest import LATER, REASON

FACTS = {
    name: f"<{name}>"
    for name in ("who", "tenderer", "winner", "policy", "sheet", "finding", "what", "mark", "criterion")
}
EVERY_SENTENCE = {
    **deeds.LED_TO_IT,
    **deeds.LEFT_THE_PORTAL,
    **deeds.READ,
    "marked": deeds.MARKED,
    "refused": deeds.REFUSED,
}


def events(decision: Decision, by: User) -> list[Event]:
    return [event for day in timeline(decision, by) for event in day.events]


def sentences(decision: Decision, by: User) -> list[str]:
    return [event.sentence for event in events(decision, by)]


def test_a_buyer_reads_what_led_to_the_decision(decision: Decision, buyer: User) -> None:
    told = sentences(decision, buyer)
    assert told[0] == "Camille Achat (buyer) drafted the procedure."
    assert "Camille Achat (buyer) entered the bid of the tenderer Nordmed." in told
    assert told[-1] == "Camille Achat (buyer) awarded the lot to MedTech Loire, on sheet 1."
    assert events(decision, buyer)[-1].reason == REASON


def test_it_is_told_in_french_as_in_english(decision: Decision, buyer: User) -> None:
    with translation.override("fr"):
        told = sentences(decision, buyer)
    assert "Camille Achat (acheteur) a saisi l'offre du soumissionnaire Nordmed." in told
    assert told[-1] == "Camille Achat (acheteur) a attribué le lot au soumissionnaire MedTech Loire, sur la fiche 1."


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("sentence", EVERY_SENTENCE.values(), ids=EVERY_SENTENCE.keys())
def test_every_sentence_begins_with_who_did_it_and_is_whole(sentence: object, language: str) -> None:
    with translation.override(language):
        told = str(sentence) % FACTS
    assert told.startswith("<who> ")
    assert told.rstrip("”»\u00a0 ").endswith((".", "<finding>"))
    elided = re.search(r"\b(de|le|la|que|du lot de) <", told)
    assert not elided, "a name that begins with a vowel would need another word before it"


def test_days_follow_each_other_and_hold_what_was_done_on_them(decision: Decision, buyer: User) -> None:
    days = timeline(decision, buyer)
    assert [day.day.isoformat() for day in days] == ["2026-11-02", "2026-11-03"]
    assert len(days[-1].events) == 1


def test_auditors_read_who_looked_and_what_was_refused_too(
    decision: Decision, lot: Lot, buyer: User, auditor: User
) -> None:
    trace_reading(auditor, decision)
    with pytest.raises(Refused):
        services.end(lot=lot, outcome="without_follow_up", reason="Again.", by=buyer, at=LATER)

    told = sentences(decision, auditor)

    assert f"{auditor} (auditor) read the decision." in told
    assert "Camille Achat (buyer) was refused the end of the lot without an award." in told
    assert not [said for said in sentences(decision, buyer) if "read" in said or "refused" in said]


def test_the_same_reading_several_times_in_a_row_is_one_event_with_its_lines(decision: Decision, auditor: User) -> None:
    for _ in range(3):
        trace_reading(auditor, decision)
    last = events(decision, auditor)[-1]
    assert last.lines == tuple(Line.objects.filter(action="decision.read").values_list("sequence", flat=True))
    assert len(last.lines) == 3


def test_what_has_a_reason_is_never_told_together(decision: Decision, buyer: User) -> None:
    marked = [event for event in events(decision, buyer) if "gave the bid of the tenderer Nordmed" in event.sentence]
    assert [event.reason for event in marked] == ["Tried.", "Tried."]


def test_a_mark_is_told_with_its_criterion_the_earlier_one_too(decision: Decision, buyer: User) -> None:
    versions = MarkVersion.objects.filter(bid__lot=decision.lot).select_related("criterion", "bid__supplier")
    told = [event.sentence for event in events(decision, buyer) if " gave the bid of the tenderer " in event.sentence]
    assert told == [
        f"Camille Achat (buyer) gave the bid of the tenderer {version.bid.supplier} {version.value} on "
        f"“{version.criterion}”."
        for version in versions.order_by("pk")
    ]
    assert len(told) > 2


def test_a_simulation_and_the_scoring_name_their_own_sheets(
    decision: Decision, lot: Lot, proposal: PolicyVersion, buyer: User
) -> None:
    stored = services.simulate(lot=lot, policy_version=proposal, by=buyer, at=LATER)
    told = sentences(decision, buyer)
    assert "Camille Achat (buyer) scored the lot under its published rules, which made sheet 1." in told
    assert f"Camille Achat (buyer) simulated the lot under other rules, which made sheet {stored.number}." in told


def test_an_erased_reason_is_told_as_such(decision: Decision, buyer: User) -> None:
    line = Line.objects.get(action="lot.awarded")
    Disclosure.objects.filter(pk=line.reason).delete()
    assert events(decision, buyer)[-1].reason.startswith("(The text of this reason was deleted")


def test_the_queries_do_not_grow_with_the_lines(
    decision: Decision, auditor: User, queries: Callable[[Callable[[], object]], int]
) -> None:
    trace_reading(auditor, decision)
    timeline(decision, auditor)  # what the rows keep of each other is read once
    one = queries(lambda: timeline(decision, auditor))
    for _ in range(10):
        trace_reading(auditor, decision.lot)
        trace_reading(auditor, decision)
    assert queries(lambda: timeline(decision, auditor)) == one
