"""What a line says as its reason: a commitment in the chain, the text beside it."""

import hashlib
from collections.abc import Callable

import pytest
from django.db import Error, transaction

from procurement.ledger import services
from procurement.ledger.models import Disclosure, Line
from procurement.ledger.reasons import texts_of
from tests.conftest import triggers_lifted
from tests.ledger.chains import first_broken
from tests.ledger.told import reason_of

TEXT = "Madame Morel a demandé l’exclusion 𝄞"


def line(reason: str = TEXT) -> Line:
    return services.record("bid.excluded", "tenders.Bid:1", by=None, reason=reason)


def tampered(**fields: str) -> None:
    """Change the kept text where the triggers cannot see it."""
    with transaction.atomic(), triggers_lifted():
        Disclosure.objects.update(**fields)


def test_the_chain_holds_a_salted_commitment_and_not_the_text(db: None) -> None:
    written, kept = line(), Disclosure.objects.get()
    assert len(bytes.fromhex(kept.salt)) == 16
    assert written.reason == hashlib.sha256(bytes.fromhex(kept.salt) + TEXT.encode()).hexdigest()
    assert TEXT not in str(written.content())
    assert reason_of(written) == TEXT


def test_the_same_text_twice_makes_two_commitments(db: None) -> None:
    assert line().reason != line().reason


def test_a_line_without_a_reason_commits_to_nothing(db: None) -> None:
    assert line("").reason == ""
    assert texts_of([line("")]) == {}
    assert not Disclosure.objects.exists()


def test_the_text_goes_with_the_transaction_that_fails(db: None) -> None:
    def fails_after_recording() -> None:
        with transaction.atomic():
            line()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_after_recording()
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("field", ["text", "salt", "commitment"])
def test_the_database_refuses_a_changed_text(db: None, field: str) -> None:
    line()
    with pytest.raises(Error, match="frozen"), transaction.atomic():
        Disclosure.objects.update(**{field: "00"})


@pytest.mark.parametrize("change", [{"text": "another story"}, {"salt": "00" * 16}, {"salt": "no hex"}])
@pytest.mark.django_db(transaction=True)
def test_a_text_changed_behind_the_portal_s_back_is_not_shown(change: dict[str, str]) -> None:
    with transaction.atomic():
        written = line()
    tampered(**change)
    assert "does not match" in reason_of(written)


def test_a_text_deleted_behind_the_portal_s_back_is_not_called_erased(db: None) -> None:
    written = line()
    Disclosure.objects.all().delete()
    assert "deleted outside the portal" in reason_of(written)


def test_a_line_from_before_the_commitments_shows_what_it_says(db: None) -> None:
    old = line("")
    old.reason = "irregular: no certificate"
    assert reason_of(old) == "irregular: no certificate"


def test_the_reasons_of_many_lines_are_read_at_once(db: None, queries: Callable[[Callable[[], object]], int]) -> None:
    lines = [line(f"reason {number}") for number in range(10)]
    assert [texts_of(lines)[each.reason] for each in lines] == [f"reason {number}" for number in range(10)]
    assert queries(lambda: texts_of(lines)) == queries(lambda: texts_of(lines[:1])) == 1


def test_the_chain_holds_whatever_became_of_the_texts(db: None) -> None:
    line()
    line()
    Disclosure.objects.first().delete()
    assert first_broken(Line.objects.order_by("sequence")) is None
