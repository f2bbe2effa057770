"""Coming in: the right password, a wrong one, too many wrong ones, the first of one's own."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from procurement.ledger.models import Line
from procurement.people import services
from procurement.people.models import User
from tests.people.conftest import PASSWORD

LOGIN = "/login/"
TOKENS = "/api/v1/tokens/"


def log_in(client: Client, username: str = "morel", password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": username, "password": password})


def actions() -> list[str]:
    return list(Line.objects.order_by("sequence").values_list("action", flat=True))


def test_every_page_asks_for_a_login(client: Client, db: None) -> None:
    answer = client.get(reverse("people:home"))
    assert answer.status_code == 302
    assert answer["Location"] == f"{LOGIN}?next=/"


def test_a_login_leads_home_and_leaves_its_line(client: Client, buyer: User) -> None:
    assert log_in(client)["Location"] == "/"
    assert actions() == ["person.logged_in"]
    assert Line.objects.get().actor == f"user:{buyer.pk}"


def test_a_login_leads_to_the_page_that_was_asked_for_but_never_elsewhere(client: Client, buyer: User) -> None:
    form = {"username": "morel", "password": PASSWORD}
    assert client.post(LOGIN, form | {"next": "/tokens/"})["Location"] == "/tokens/"
    client.logout()
    assert client.post(LOGIN, form | {"next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_wrong_password_is_said_and_leaves_its_line(client: Client, buyer: User) -> None:
    answer = log_in(client, password="wrong")
    assert "do not go together" in answer.content.decode() or "vont pas ensemble" in answer.content.decode()
    line = Line.objects.get()
    assert (line.action, line.object, line.actor) == ("person.login_failed", f"people.User:{buyer.pk}", "system")


def test_a_name_nobody_has_leaves_no_line_by_any_door(client: Client, db: None) -> None:
    log_in(client, username="a password typed into the wrong field")
    client.post(TOKENS, {"username": "invented", "password": "wrong"}, content_type="application/json")
    assert actions() == []


def test_a_closed_account_cannot_come_in(client: Client, buyer: User) -> None:
    User.objects.filter(pk=buyer.pk).update(is_active=False)
    assert log_in(client).status_code == 200
    assert actions() == ["person.login_failed"]


@pytest.fixture
def locking(settings: Any) -> None:
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    settings.AXES_COOLOFF_TIME = timedelta(minutes=15)


def test_too_many_wrong_passwords_lock_the_name_and_say_for_how_long(
    client: Client, buyer: User, locking: None
) -> None:
    for _ in range(2):
        answer = log_in(client, password="wrong")
    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()
    assert log_in(client).status_code == 429


def test_attempts_on_a_locked_name_do_not_fill_the_record(client: Client, buyer: User, locking: None) -> None:
    for _ in range(6):
        log_in(client, password="wrong")
        client.post(TOKENS, {"username": "morel", "password": "wrong"}, content_type="application/json")
    assert actions() == ["person.login_failed"]


def test_a_locked_name_is_told_so_over_the_api(client: Client, buyer: User, locking: None) -> None:
    credentials = {"username": "morel", "password": "wrong"}
    for _ in range(2):
        answer = client.post(TOKENS, credentials, content_type="application/json")
    assert answer.status_code == 429
    assert "15 minutes" in answer.json()["detail"]


@pytest.mark.parametrize("address", [LOGIN, TOKENS])
def test_a_locked_name_is_told_when_to_come_back(client: Client, buyer: User, locking: None, address: str) -> None:
    kind = "application/json" if address == TOKENS else "application/x-www-form-urlencoded"
    body = '{"username": "morel", "password": "w"}' if address == TOKENS else "username=morel&password=w"
    for _ in range(2):
        answer = client.post(address, body, content_type=kind)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")


def test_behind_a_proxy_one_browser_does_not_lock_a_name_for_every_other(
    client: Client, buyer: User, locking: None, settings: Any
) -> None:
    settings.BEHIND_PROXY = True
    form = {"username": "morel", "password": "wrong"}
    for _ in range(2):
        answer = client.post(LOGIN, form, REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "203.0.113.9"})
    assert answer.status_code == 429
    answer = client.post(LOGIN, form | {"password": PASSWORD}, headers={"x-forwarded-for": "203.0.113.10"})
    assert answer.status_code == 302


def test_logging_out_is_a_form_and_ends_the_session(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/").status_code == 302


def test_the_password_an_administrator_gave_is_replaced_before_anything_else(
    client: Client, administrator: User
) -> None:
    person, given = services.create_person(username="henry", role="buyer", by=administrator)
    log_in(client, "henry", given)
    assert client.get("/")["Location"] == "/password/"
    form = {"new_password1": "une autre phrase longue", "new_password2": "une autre phrase longue"}
    assert client.post("/password/", form)["Location"] == "/"
    assert client.get("/").status_code == 200
    person.refresh_from_db()
    assert not person.password_is_temporary
    assert actions()[-1] == "person.password_chosen"


def test_a_weak_password_is_refused_with_its_reason(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    answer = client.post("/password/", {"new_password1": "short", "new_password2": "short"})
    assert "12" in answer.content.decode()
    buyer.refresh_from_db()
    assert buyer.check_password(PASSWORD)


def test_a_form_sent_after_the_session_ended_is_said_to_be_lost_and_leads_back(client: Client, db: None) -> None:
    """The address that takes the form has no page: whoever logged in again stood before an error of the browser."""
    page = "http://testserver/lots/7/"

    refused = client.post("/lots/7/score/", headers={"Referer": page})
    assert refused["Location"] == f"{LOGIN}?next=/lots/7/"
    assert "rien de ce que vous avez envoyé n'est enregistré" in html.unescape(
        client.get(refused["Location"]).content.decode()
    )

    elsewhere = client.post("/lots/7/score/", headers={"Referer": "https://evil.example/lots/7/"})
    assert elsewhere["Location"] == f"{LOGIN}?next=/"
    assert client.get("/lots/7/")["Location"] == f"{LOGIN}?next=/lots/7/"


def test_an_address_without_a_page_says_so_in_words(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    answer = client.get("/lots/7/score/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "it has no page to show" in answer.content.decode()
    assert client.put("/tenders/").content == b""


def test_whoever_finds_an_open_session_cannot_take_the_account_over(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    new = {"new_password1": "une autre phrase longue", "new_password2": "une autre phrase longue"}
    assert client.post("/password/", new).status_code == 200
    assert client.post("/password/", new | {"old_password": "a guess"}).status_code == 200
    buyer.refresh_from_db()
    assert buyer.check_password(PASSWORD)
    assert client.post("/password/", new | {"old_password": PASSWORD})["Location"] == "/"


def test_a_login_makes_a_new_session(client: Client, buyer: User) -> None:
    """Whoever planted a session in the browser must not share the one that is logged in."""
    planted = SessionStore()
    planted["mark"] = "planted"
    planted.save()
    client.cookies["sessionid"] = str(planted.session_key)
    log_in(client)
    assert client.session.session_key != planted.session_key
    assert not SessionStore().exists(planted.session_key)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(client: Client, buyer: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(buyer)
    client.force_login(buyer)
    old = client.session.session_key
    new = {"new_password1": "une autre phrase longue", "new_password2": "une autre phrase longue"}
    client.post("/password/", new | {"old_password": PASSWORD})
    assert client.get("/").status_code == 200
    assert client.session.session_key != old
    assert elsewhere.get("/")["Location"] == f"{LOGIN}?next=/"


def test_no_answer_is_kept_by_a_browser_or_a_proxy(client: Client, buyer: User) -> None:
    addresses = ["/", "/tenders/", "/nowhere/", "/api/v1/bids/", "/api/v1/nowhere/", "/api/v1/schema/"]
    client.force_login(buyer)
    kept = [address for address in addresses if "no-store" not in client.get(address).headers["Cache-Control"]]
    assert kept == []
