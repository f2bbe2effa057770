"""How often: counted by key and window, at the API and at the doors, in memory and in Redis."""

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from redis import Redis
from redis.exceptions import RedisError

from config import environment
from procurement.people import api_access, bounds, lockout
from procurement.people.bounds import Bound
from procurement.people.models import User
from procurement.people.views import account
from tests.factories import UserFactory
from tests.people.conftest import PASSWORD
from tests.people.test_login import LOGIN, TOKENS, log_in

NOON = 1_800_000_000  # the start of a window of 60 and of 900 seconds
THREE = Bound("three", most=3, seconds=60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The time, which stands still until a test moves it."""
    now = SimpleNamespace(seconds=NOON)
    monkeypatch.setattr(bounds, "time", SimpleNamespace(time=lambda: now.seconds))
    return now


@pytest.fixture(params=["memory", "redis"])
def counters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "memory":
        yield
        return
    address = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
    try:
        Redis.from_url(address, socket_connect_timeout=1).ping()
    except RedisError as away:
        pytest.skip(f"no Redis at {address}: {away}")
    prefix = f"test-{uuid4()}"
    described = environment.cache(address, prefix)
    shared = RedisCache(described["LOCATION"], {"KEY_PREFIX": described["KEY_PREFIX"], "OPTIONS": described["OPTIONS"]})
    monkeypatch.setattr(bounds, "cache", shared)
    yield
    with Redis.from_url(address) as server:
        for key in server.scan_iter(f"{prefix}*"):
            server.delete(key)


def test_a_window_lets_as_many_in_as_it_says_and_tells_the_rest_how_long_to_wait(
    counters: None, clock: SimpleNamespace
) -> None:
    clock.seconds = NOON + 20
    assert [THREE.count("a") for _ in range(5)] == [0, 0, 0, 40, 40]


def test_the_next_window_begins_anew(counters: None, clock: SimpleNamespace) -> None:
    assert [THREE.count("a") for _ in range(4)][-1] == 60
    clock.seconds = NOON + 60
    assert THREE.count("a") == 0


def test_each_key_is_counted_apart(counters: None, clock: SimpleNamespace) -> None:
    assert [THREE.count("a") for _ in range(4)][-1] > 0
    assert THREE.count("b") == THREE.wait("b") == Bound("other", most=3, seconds=60).count("a") == 0


def test_asking_how_long_to_wait_counts_nothing(counters: None, clock: SimpleNamespace) -> None:
    assert {THREE.wait("a") for _ in range(9)} == {0}
    for _ in range(3):
        THREE.count("a")
    assert THREE.wait("a") == 60


def test_a_counter_does_not_hold_what_it_counts(counters: None) -> None:
    assert "secret" not in THREE._counter("a secret typed into the wrong field")


def test_without_its_redis_nobody_is_kept_out_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = environment.cache("redis://127.0.0.1:1/0", "")
    monkeypatch.setattr(bounds, "cache", RedisCache(nowhere["LOCATION"], {"OPTIONS": nowhere["OPTIONS"]}))
    assert {THREE.count("a") for _ in range(5)} | {THREE.wait("a")} == {0}
    assert "cannot be reached" in caplog.text


def test_redis_counts_for_every_process_where_there_is_one_and_memory_where_there_is_none() -> None:
    assert environment.cache("", "")["BACKEND"].endswith("LocMemCache")
    shared = environment.cache("redis://somewhere:6379/0", "hospital-")
    assert (shared["LOCATION"], shared["KEY_PREFIX"]) == ("redis://somewhere:6379/0", "hospital-bareme")


def test_tests_count_in_memory_of_their_own() -> None:
    assert settings.CACHES["default"] == environment.cache("", "")
    assert not isinstance(caches["default"], RedisCache)


def test_who_asks_the_api_too_often_is_told_when_to_come_back(
    clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(api_access.NotTooOften, "by_person", THREE)
    clock.seconds = NOON + 20
    client, other = Client(), Client()
    client.force_login(UserFactory())
    other.force_login(UserFactory())
    statuses = [client.get("/api/v1/lots/").status_code for _ in range(3)]
    late = client.get("/api/v1/lots/")
    assert (statuses, late.status_code, late["Retry-After"]) == ([200, 200, 200], 429, "40")
    assert late.json()["detail"]
    assert other.get("/api/v1/lots/").status_code == 200


def test_scoring_a_document_is_bounded_more_narrowly_than_reading(
    clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(api_access.NotTooManyScorings, "by_person", THREE)
    client = Client()
    client.force_login(UserFactory())
    statuses = [client.post("/api/v1/score/", {}, content_type="application/json").status_code for _ in range(4)]
    assert statuses == [400, 400, 400, 429]
    assert client.get("/api/v1/lots/").status_code == 200


def test_who_is_not_logged_in_asks_for_few_tokens(
    clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(api_access, "WITHOUT_LOG_IN", THREE)
    statuses = [Client().post(TOKENS, {}, content_type="application/json").status_code for _ in range(4)]
    assert statuses == [400, 400, 400, 429]


def page(client: Client, username: str, password: str = "wrong", address: str = "192.0.2.1") -> Any:
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address)


def api(client: Client, username: str, password: str = "wrong", address: str = "192.0.2.1") -> Any:
    body = {"username": username, "password": password}
    return client.post(TOKENS, body, content_type="application/json", REMOTE_ADDR=address)


@pytest.mark.parametrize("door", [page, api])
def test_one_address_tries_few_names(
    door: Any, buyer: User, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "FROM_ONE_ADDRESS", THREE)
    for number in range(3):
        assert door(Client(), f"name{number}").status_code != 429
    refused = door(Client(), "morel", PASSWORD)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert door(Client(), "morel", PASSWORD, "192.0.2.2").status_code in (201, 302)


@pytest.mark.parametrize("door", [page, api])
def test_one_name_is_tried_from_few_addresses(
    door: Any, buyer: User, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "FOR_ONE_NAME", THREE)
    for number in range(3):
        door(Client(), ["morel", "MOREL", "ｍorel"][number], address=f"192.0.2.{number}")
    assert door(Client(), "morel", PASSWORD, "192.0.2.9").status_code == 429
    clock.seconds = NOON + 60
    assert door(Client(), "morel", PASSWORD, "192.0.2.9").status_code in (201, 302)


def test_both_doors_share_what_they_count(buyer: User, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "FOR_ONE_NAME", THREE)
    for _ in range(3):
        page(Client(), "morel")
    assert api(Client(), "morel", PASSWORD).status_code == 429


@pytest.mark.parametrize("door", [page, api])
def test_no_answer_tells_whether_somebody_has_an_account(
    door: Any, buyer: User, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name nobody has, one somebody has, and the one of a closed account; before the lock and behind it."""
    User.objects.filter(pk=UserFactory(username="leroy").pk).update(is_active=False)
    monkeypatch.setattr(lockout, "FOR_ONE_NAME", THREE)
    told = {
        name: [(answer.status_code, seen(answer, name)) for answer in (door(Client(), name) for _ in range(5))]
        for name in ("nobody", "morel", "leroy")
    }
    assert told["nobody"] == told["morel"] == told["leroy"]
    assert {status for status, _text in told["morel"][3:]} == {429}


def seen(answer: Any, name: str) -> str:
    """The text of an answer without what differs each time: the token of the form, the name typed."""
    text = answer.content.decode().replace(name, "N")
    token = answer.context and answer.context.get("csrf_token")
    return text.replace(str(token), "T") if token else text


def test_the_password_in_use_is_not_guessed_in_an_open_session(
    client: Client, buyer: User, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "OF_ONE_PERSON", THREE)
    client.force_login(buyer)
    new = {"new_password1": "une autre phrase longue", "new_password2": "une autre phrase longue"}
    statuses = [client.post("/password/", new | {"old_password": "a guess"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert client.post("/password/", new | {"old_password": PASSWORD}).status_code == 429
    buyer.refresh_from_db()
    assert buyer.check_password(PASSWORD)


def test_a_right_password_is_never_counted(client: Client, buyer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "FROM_ONE_ADDRESS", THREE)
    for _ in range(5):
        assert log_in(Client()).status_code == 302
