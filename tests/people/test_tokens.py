"""Tokens: shown once, kept as a digest, one's own only, revoked at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from procurement.ledger.models import Line
from procurement.people import services
from procurement.people.models import Token, User
from procurement.people.refusals import Refused
from procurement.people.templatetags.reading import moment
from tests.factories import UserFactory
from tests.people.conftest import PASSWORD

API = "/api/v1/tokens/"


def with_token(text: str) -> dict[str, Any]:
    return {"headers": {"authorization": f"Token {text}"}}


def test_a_token_is_shown_once_and_kept_as_a_digest(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    text = client.post("/tokens/", {"name": "spreadsheet"}).context["text"]
    token = Token.objects.get()
    assert text not in (token.digest, token.token_key)
    assert text not in client.get("/tokens/").content.decode()
    assert Client().get(API, **with_token(text)).json()["results"][0]["name"] == "spreadsheet"


def test_a_new_token_stands_in_its_place_alone(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    answer = client.post("/tokens/", {"name": "spreadsheet"})
    assert answer.content.decode().count(answer.context["text"]) == 1


def test_a_revoked_token_opens_nothing(client: Client, buyer: User) -> None:
    token, text = services.create_token(name="spreadsheet", by=buyer)
    client.force_login(buyer)
    client.post(f"/tokens/{token.pk}/revoke/")
    assert Client().get(API, **with_token(text)).status_code == 401
    assert Line.objects.latest("sequence").action == "token.revoked"


def test_nobody_revokes_the_token_of_another(client: Client, buyer: User) -> None:
    token, text = services.create_token(name="spreadsheet", by=buyer)
    client.force_login(UserFactory())
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert client.delete(f"{API}{token.pk}/").status_code == 404
    assert Client().get(API, **with_token(text)).status_code == 200


def test_a_token_is_asked_for_over_the_api_with_name_and_password(client: Client, buyer: User) -> None:
    credentials = {"username": "morel", "password": PASSWORD, "name": "check"}
    answer = client.post(API, credentials, content_type="application/json")
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "token", "expiry"}
    text = answer.json()["token"]
    assert client.delete(f"{API}{answer.json()['id']}/", **with_token(text)).status_code == 204
    assert not Token.objects.exists()


def test_a_wrong_password_over_the_api_is_said_and_recorded(client: Client, buyer: User) -> None:
    answer = client.post(
        API,
        {"username": "morel", "password": "wrong"},
        content_type="application/json",
        headers={"accept-language": "en"},
    )
    assert answer.status_code == 400
    assert "do not go together" in answer.json()["detail"]
    assert Line.objects.get().action == "person.login_failed"


def test_a_password_given_by_an_administrator_brings_no_token(client: Client, administrator: User) -> None:
    _person, given = services.create_person(username="henry", role="buyer", by=administrator)
    answer = client.post(API, {"username": "henry", "password": given}, content_type="application/json")
    assert answer.status_code == 409
    assert not Token.objects.exists()


def test_the_token_of_a_closed_account_opens_nothing(buyer: User) -> None:
    _token, text = services.create_token(name="spreadsheet", by=buyer)
    User.objects.filter(pk=buyer.pk).update(is_active=False)
    assert Client().get(API, **with_token(text)).status_code == 401


def test_a_changed_password_ends_every_token(buyer: User) -> None:
    """Whoever changes it because somebody else knows it must not leave that person a door."""
    _token, text = services.create_token(name="spreadsheet", by=buyer)
    services.choose_password(password="une autre phrase longue", by=buyer)
    assert Client().get(API, **with_token(text)).status_code == 401


def test_the_page_and_the_api_say_until_when_a_token_is_valid(client: Client, buyer: User) -> None:
    token, text = services.create_token(name="spreadsheet", by=buyer)
    client.force_login(buyer)
    assert moment(token.expiry) in client.get("/tokens/").content.decode()
    assert Client().get(f"{API}{token.pk}/", **with_token(text)).json()["expiry"][:10] == f"{token.expiry:%Y-%m-%d}"


def test_a_token_ends_on_its_day(buyer: User) -> None:
    token, text = services.create_token(name="spreadsheet", by=buyer)
    assert token.expiry - token.created > timedelta(days=89)
    Token.objects.filter(pk=token.pk).update(expiry=timezone.now())
    assert Client().get(API, **with_token(text)).status_code == 401


def test_nobody_gathers_tokens_without_end(buyer: User) -> None:
    tokens = [services.create_token(name=str(number), by=buyer)[0] for number in range(10)]
    with pytest.raises(Refused, match="revoke one first"):
        services.create_token(name="one too many", by=buyer)
    Token.objects.filter(pk=tokens[0].pk).update(expiry=timezone.now())
    services.create_token(name="in the place of an expired one", by=buyer)


@pytest.mark.parametrize("text", ["\x80", "é" * 64, "zz" * 32, "a b"])
def test_what_is_no_token_is_a_wrong_token(text: str, db: None) -> None:
    assert Client().get(API, **with_token(text)).status_code == 401


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"username": "a", "username": "b"}', b"NaN", b"\xff", b" " * 9_000_000, b" " * 5_000]
)
def test_before_a_log_in_too_a_hostile_body_gets_a_sentence(body: bytes, db: None) -> None:
    answer = Client().post(API, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"]
