"""The letters to the tenderers of a decided lot: what each is told, what none is, and that they were sent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from docx import Document

from procurement.evaluation import services
from procurement.evaluation.letters.composition import Letter, compose
from procurement.evaluation.letters.files import in_archive, in_docx
from procurement.evaluation.letters.sending import Sending
from procurement.evaluation.models import Decision, ScoreSheet, SentLetters
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from scoring.canonical import sha256
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, enter, published_lot
from tests.ledger.told import reason_of
from tests.tenders import documents

SENT = date(2026, 11, 3)
AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
ELECTRONIC = Sending("electronic", SENT)


def letters(decision: Decision, sending: Sending = ELECTRONIC) -> dict[str, Letter]:
    rows = Decision.objects.select_related("lot__tender__contracting_body", "bid", "sheet")
    return {letter["bid"]: letter for letter in compose(rows.get(pk=decision.pk), sending)}


def text(letter: Letter) -> str:
    """Every word of a letter, ordinary spaces for the others."""
    words = [letter["title"], letter["subtitle"]]
    for section in letter["sections"]:
        words.append(section["title"])
        for block in section["blocks"]:
            table = block.get("table")
            words += [block["paragraph"]] if table is None else [" | ".join(row) for row in table["rows"]]
    return "\n".join(words).replace("\u00a0", " ").replace("\u202f", " ")


def excluded(lot: Lot, key: str, ground: str, buyer: User) -> None:
    bid = lot.bids.get(key=key)
    tenders.exclude_bid(bid=bid, ground=ground, reason="La fiche technique manque.", by=buyer, at=NOW)


def award(lot: Lot, buyer: User) -> Decision:
    sheet = services.score(lot=lot, by=buyer, at=NOW)
    winner = lot.bids.get(key=sheet.sheet["winner"])
    return services.award(lot=lot, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)


def test_every_tenderer_gets_the_letter_of_what_became_of_its_bid(lot: Lot, buyer: User) -> None:
    excluded(lot, "gamma", "irregular", buyer)
    kinds = {key: letter["kind"] for key, letter in letters(award(lot, buyer)).items()}
    assert kinds == {"alpha": "winner", "beta": "ranked", "gamma": "excluded"}


def test_the_winner_learns_that_nothing_is_signed_yet(decision: Decision) -> None:
    told = text(letters(decision)["alpha"])
    assert "Votre offre est retenue" in told
    assert "Elle ne vaut ni notification ni conclusion du marché" in told
    assert "ne peut être signé avant le 14 novembre 2026" in told
    for other in ("Nordmed", "Pacific Care"):
        assert other not in told


def test_a_rejected_tenderer_learns_its_marks_its_rank_the_winner_and_the_first_day_of_signature(
    decision: Decision,
) -> None:
    told = text(letters(decision)["beta"])
    rows = {row["bid"]: row for row in decision.sheet.sheet["ranking"]}
    assert f"au rang {rows['beta']['rank']} parmi 3" in told
    assert "CCP R2181-1, R2181-3, R2181-4" in told
    assert "Le lot est attribué à MedTech Loire" in told
    for key in ("alpha", "beta"):
        assert rows[key]["total"].replace(".", ",") in told
        for entry in rows[key]["criteria"].values():
            assert entry["points"].replace(".", ",") in told
    assert "avant le 14 novembre 2026" in told
    assert "CCP R2182-1" in told
    assert "dans les 15 jours" in told


def test_the_points_of_a_letter_add_up_to_its_totals(decision: Decision) -> None:
    letter = letters(decision)["gamma"]
    table = next(b["table"] for s in letter["sections"] for b in s["blocks"] if "table" in b)
    *parts, total, _rank = [[cell.replace(",", ".") for cell in row[2:]] for row in table["rows"]]
    for column in (0, 1):
        assert sum(Decimal(row[column]) for row in parts) == Decimal(total[column])


def test_sent_otherwise_the_contract_waits_longer(decision: Decision) -> None:
    assert "avant le 19 novembre 2026" in text(letters(decision, Sending("other", SENT))["beta"])


def test_an_adapted_procedure_imposes_no_standstill(buyer: User) -> None:
    lot = published_lot(buyer, procedure="adapted", lots=[documents.lot()])
    enter(lot, OFFERS, buyer)
    told = text(letters(award(lot, buyer))["beta"])
    assert "aucun délai de suspension n'est imposé" in told


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        ("irregular", "offre irrégulière (CCP L2152-1, L2152-2, R2152-1)"),
        ("unacceptable", "offre inacceptable (CCP L2152-1, L2152-3, R2152-1)"),
        ("inappropriate", "offre inappropriée (CCP L2152-1, L2152-4, R2152-1)"),
        ("late", "offre reçue hors délai."),
    ],
)
def test_an_excluded_tenderer_learns_the_recorded_reason_and_its_article(
    ground: str, words: str, lot: Lot, buyer: User
) -> None:
    excluded(lot, "gamma", ground, buyer)
    told = text(letters(award(lot, buyer))["gamma"])
    assert words in told
    assert "La fiche technique manque." in told
    assert "Le lot est attribué à MedTech Loire" in told
    assert "Nordmed" not in told
    assert "prix total" not in told


def test_who_is_below_a_minimum_learns_on_which_criterion(buyer: User) -> None:
    criteria = documents.criteria()
    quality = next(c for c in criteria if c["kind"] == "quality")
    quality["minimum"] = "7"
    lot = published_lot(buyer, lots=[documents.lot(criteria=criteria)])
    enter(lot, OFFERS, buyer)
    letter = letters(award(lot, buyer))["gamma"]
    assert letter["kind"] == "excluded"
    assert quality["title"] in text(letter)


def test_no_letter_carries_what_belongs_to_another_tenderer(decision: Decision) -> None:
    names = {"alpha": "MedTech Loire", "beta": "Nordmed", "gamma": "Pacific Care"}
    prices = {key: {masks, gloves} for key, _name, _country, masks, gloves, *_rest in OFFERS}
    for key, letter in letters(decision).items():
        told = text(letter)
        for other in set(names) - {key, "alpha"}:
            assert names[other] not in told
            for price in prices[other] - prices[key]:
                assert f"{price.replace('.', ',')} €" not in told
        for price in prices["alpha"]:
            assert f" {price.replace('.', ',')} €" not in told
        assert decision.sheet.sheet_sha256 not in told


def test_the_total_of_the_winner_is_told_unless_its_unit_price_follows_from_it(decision: Decision) -> None:
    assert "Le prix total de l'offre retenue est de" in text(letters(decision)["beta"])
    rows = Decision.objects.select_related("lot__tender__contracting_body", "bid", "sheet")
    alone = rows.get(pk=decision.pk)
    for bid in alone.sheet.case["bids"]:
        del bid["lines"][1:]
    told = {letter["bid"]: text(letter) for letter in compose(alone, ELECTRONIC)}
    assert "prix total" not in told["beta"]


def test_a_simulation_never_appears_in_a_letter(decision: Decision, buyer: User, proposal: Any) -> None:
    before = letters(decision)
    services.simulate(lot=decision.lot, policy_version=proposal, by=buyer, at=AT)
    assert letters(decision) == before


def test_a_lot_that_ends_without_an_award_tells_everybody_why(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    excluded_late = {"outcome": "without_follow_up", "reason": "Le besoin a disparu."}
    decision = services.end(lot=lot, **excluded_late, by=buyer, at=LATER)
    found = letters(decision)
    assert {letter["kind"] for letter in found.values()} == {"ended"}
    assert len(found) == 3
    told = text(found["beta"])
    assert "sans suite" in told
    assert "CCP R2185-2" in told
    assert "Le besoin a disparu." in told
    assert "suspension" not in told


def test_a_paragraph_of_the_buyer_stands_in_its_letter_alone_and_is_kept(decision: Decision, buyer: User) -> None:
    beta = decision.lot.bids.get(key="beta")
    services.write_paragraph(bid=beta, text="Première ligne.\n\nSeconde ligne.", by=buyer, at=AT)
    found = letters(decision)
    assert "Seconde ligne." in text(found["beta"])
    assert "Seconde ligne." not in text(found["gamma"]) + text(found["alpha"])
    assert Line.objects.last().action == "bid.letter_written"

    lines = Line.objects.count()
    services.write_paragraph(bid=beta, text="Première ligne.\n\nSeconde ligne.", by=buyer, at=AT)
    assert Line.objects.count() == lines, "nothing was changed"
    services.write_paragraph(bid=beta, text="", by=buyer, at=AT)
    assert "ligne" not in text(letters(decision)["beta"])


def record(decision: Decision, by: User, **changes: Any) -> SentLetters:
    given = {"lot": decision.lot, "way": "electronic", "sent_on": SENT, "by": by, "at": AT}
    return services.record_letters(**{**given, **changes})


def test_letters_are_recorded_as_they_stood_with_the_first_day_of_signature(decision: Decision, buyer: User) -> None:
    sent = record(decision, buyer)
    assert (sent.number, sent.signable_on) == (1, date(2026, 11, 14))
    assert sent.document == {"letters": list(letters(decision).values())}
    assert sent.sha256 == sha256(sent.document)
    line = Line.objects.last()
    assert (line.action, line.after) == ("lot.letters_sent", sent.sha256)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SentLetters.objects.update(way="other")


def test_they_are_recorded_once_and_a_correction_is_a_version_with_its_reason(decision: Decision, buyer: User) -> None:
    first = record(decision, buyer)
    with pytest.raises(Refused, match="correction gives its reason"):
        record(decision, buyer)
    second = record(decision, buyer, way="other", reason="Une lettre est revenue.")
    assert (second.number, second.signable_on) == (2, date(2026, 11, 19))
    line = Line.objects.last()
    assert (line.before, line.after, reason_of(line)) == (first.sha256, second.sha256, "Une lettre est revenue.")


@pytest.mark.parametrize(
    "changes", [{"way": "pigeon"}, {"sent_on": date(2026, 11, 4)}, {"sent_on": date(2026, 11, 2)}], ids=str
)
def test_an_impossible_sending_is_not_recorded(changes: dict[str, Any], decision: Decision, buyer: User) -> None:
    with pytest.raises(Invalid):
        record(decision, buyer, **changes)


def test_before_the_decision_there_is_nothing_to_write(lot: Lot, buyer: User) -> None:
    for write in (
        lambda: services.record_letters(lot=lot, way="electronic", sent_on=SENT, by=buyer, at=AT),
        lambda: services.write_paragraph(bid=lot.bids.get(key="beta"), text="-", by=buyer, at=AT),
    ):
        with pytest.raises(Refused, match="after the decision"):
            write()


def test_only_a_buyer_of_the_hospital_writes(decision: Decision, stranger: User, auditor: User) -> None:
    for person in (stranger, auditor):
        with pytest.raises(PermissionDenied):
            record(decision, person)
        with pytest.raises(PermissionDenied):
            services.write_paragraph(bid=Bid.objects.get(key="beta"), text="-", by=person, at=AT)


def test_a_letter_is_a_text_document_and_all_of_them_an_archive_of_the_same_bytes(decision: Decision) -> None:
    found = letters(decision)
    read = Document(BytesIO(in_docx(decision.lot, found["beta"], sent=True)))
    assert found["beta"]["title"] in [paragraph.text for paragraph in read.paragraphs]
    assert sha256(found["beta"]) in read.sections[0].footer.paragraphs[0].text
    draft = Document(BytesIO(in_docx(decision.lot, found["beta"], sent=False)))
    assert "PROJET" in draft.sections[0].footer.paragraphs[0].text

    archives = [in_archive(decision.lot, found.values(), sent=True) for _twice in range(2)]
    assert archives[0] == archives[1]
    with ZipFile(BytesIO(archives[0])) as archive:
        lot = decision.lot_id
        assert archive.namelist() == [f"lot-{lot}-letter-{key}.docx" for key in ("alpha", "beta", "gamma")]


def test_tied_bids_are_told_that_a_draw_was_made(decision: Decision) -> None:
    rows = Decision.objects.select_related("lot__tender__contracting_body", "bid", "sheet")
    drawn = rows.get(pk=decision.pk)
    drawn.draw = "Tiré devant huissier, contre Nordmed."
    for row in drawn.sheet.sheet["ranking"]:
        row["rank"] = 1
    told = {letter["bid"]: text(letter) for letter in compose(drawn, ELECTRONIC)}
    assert "un tirage au sort l'a départagée" in told["alpha"]
    assert "Un tirage au sort ne l'a pas désignée" in told["gamma"]
    assert "huissier" not in "".join(told.values())


def test_a_price_that_was_not_explained_is_the_ground_the_letter_names(buyer: User) -> None:
    lot = published_lot(buyer)
    enter(lot, [*OFFERS, ("delta", "Low Price SA", "FR", "1.00", "2.00", "FR", "2", "9", "5")], buyer)
    bid = lot.bids.get(key="delta")
    asked = {"request": "Comment ?", "answer": "Usine amortie.", "conclusion": "rejected"}
    services.explain_abnormally_low(bid=bid, **asked, by=buyer, at=NOW)
    given = {"ground": "abnormally_low", "reason": "Le coût de la matière n'est pas couvert."}
    tenders.exclude_bid(bid=bid, **given, explanations_rejected=True, by=buyer, at=NOW)
    found = letters(award(lot, buyer))
    assert "offre anormalement basse (CCP L2152-5, L2152-6)" in text(found["delta"])
    assert "Le coût de la matière n'est pas couvert." in text(found["delta"])
    assert "Low Price SA" not in "".join(text(found[key]) for key in ("alpha", "beta", "gamma"))


def test_who_is_out_by_a_measure_learns_the_text_of_law_it_rests_on(decision: Decision) -> None:
    rows = Decision.objects.select_related("lot__tender__contracting_body", "bid", "sheet")
    measured = rows.get(pk=decision.pk)
    reference = "ipi_2025_1197.countries"
    gate = {"id": "ipi", "kind": "gate", "when": {"supplier_in": "US"}, "reference": reference}
    measured.sheet.case["policy"]["measures"].append(gate)
    sheet = measured.sheet.sheet
    sheet["ranking"] = [row for row in sheet["ranking"] if row["bid"] != "gamma"]
    sheet["excluded"].append({"bid": "gamma", "reason": "ipi"})
    [told] = [text(letter) for letter in compose(measured, ELECTRONIC) if letter["bid"] == "gamma"]
    assert "Votre offre est éliminée" in told
    assert "2025/1197" in told
