"""Whoever has no part in a hospital's procedure reads nothing of it, at any address of the portal or of its API."""

import pytest
from django.urls import reverse

from procurement.evaluation.models import ScoreSheet
from procurement.people.readable import lines_visible_to
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Tender
from tests.evaluation.conftest import NOW, OFFERS
from tests.factories import HospitalFactory, HospitalGroupFactory, MandateFactory, MembershipFactory
from tests.people.test_permissions import NOBODY, address, ask, browser_of, rows
from tests.people.world import World
from tests.tenders import documents

WITHOUT_PART = ("stranger", "officer", "outsider", "administrator", NOBODY)
LISTS = ("tenders:list", "evaluation:decisions", "tender-list", "lot-list", "bid-list", "sheet-list")
SHARED_REGISTER = "stranger"  # buyers of every hospital share the register of suppliers, not who bid where


def secrets() -> set[str]:
    """What tells of the procedures of the world's hospital."""
    sheet = ScoreSheet.objects.get()
    references = set(Tender.objects.values_list("reference", flat=True))
    titles = set(Tender.objects.values_list("title", flat=True)) | set(Lot.objects.values_list("title", flat=True))
    hashes = {sheet.case_sha256, sheet.sheet_sha256, *Lot.objects.values_list("rules_sha256", flat=True)}
    return references | titles | hashes


def read_by(kind: str, world: World, methods: tuple[str, ...] = ("GET", "POST", "PUT", "DELETE")) -> dict[str, str]:
    """What every address answers to a reader, by method and address."""
    browser = browser_of(world.readers.get(kind))
    asked = [(method, address(name, nouns, world)) for name, nouns, method, _cells in rows() if method in methods]
    answers = {f"{method} {url}": ask(browser, method, url) for method, url in asked if "logout" not in url}
    return {at: b"".join(answer).decode(errors="replace") for at, answer in answers.items()}


@pytest.mark.django_db
def test_nothing_of_a_procedure_is_read_by_who_has_no_part_in_it(world: World) -> None:
    tenderers = {name for _key, name, *_rest in OFFERS}
    told = []
    for kind in WITHOUT_PART:
        words = secrets() | (set() if kind == SHARED_REGISTER else tenderers)
        for at, answer in read_by(kind, world).items():
            told += [f"{kind} reads {word} at {at}" for word in words if word in answer]
    assert not told, "\n".join(told)


@pytest.mark.django_db
def test_the_same_words_are_read_by_the_buyer_and_by_the_auditor_of_the_mandate(world: World) -> None:
    """The slow obvious other side: the words above are really what the pages would tell."""
    for kind in ("buyer", "auditor"):
        everything = "".join(read_by(kind, world, ("GET",)).values())
        assert [word for word in secrets() if word not in everything] == []


@pytest.mark.django_db
def test_before_the_opening_an_auditor_finds_the_procedure_in_no_list_nor_in_the_record() -> None:
    group = HospitalGroupFactory()
    hospital = HospitalFactory(finess="000000001", group=group)
    HospitalFactory(finess="000000002", group=group)
    mandate = MandateFactory()
    mandate.hospitals.add(hospital)
    buyer = MembershipFactory(hospital=hospital).user
    tender = tenders.draft_tender(document=documents.tender(), by=buyer, at=NOW)
    tenders.publish(tender=tender, by=buyer, at=NOW)
    browser = browser_of(mandate.auditor)

    def found() -> list[str]:
        return [name for name in LISTS if tender.reference in browser.get(reverse(name)).content.decode()]

    assert found() == []
    assert not lines_visible_to(mandate.auditor).exists()
    tenders.open_bids(tender=tender, by=buyer, at=NOW)
    assert set(found()) == {"tenders:list", "tender-list", "lot-list"}
    about = lines_visible_to(mandate.auditor).filter(object=f"tenders.Tender:{tender.pk}")
    assert about.filter(action="tender.opened").exists()
