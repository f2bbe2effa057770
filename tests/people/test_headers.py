"""Every answer of the portal, whatever it is and whoever asks, says how a browser has to treat it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from procurement.people.middleware import HeadMiddleware
from procurement.people.models import User
from procurement.people.views import account
from procurement.tenders.models import ProofDocument
from procurement.tenders.regulation.word import DOCX
from procurement.tenders.schedules import XLSX
from tests.people.conftest import PASSWORD
from tests.people.test_permissions import address, ask, browser_of, rows
from tests.people.world import World

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
TELLING = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")
YEAR = 31_536_000


def faults(answer: Any, *, kept: bool = False) -> list[str]:
    """What the headers of an answer lack; ``kept``: a file that browsers may keep."""
    headers = answer.headers
    wrong = [f"{name}: {headers.get(name)}" for name, value in FIXED.items() if headers.get(name) != value]
    wrong += [part for part in POLICY if part not in headers.get("Content-Security-Policy", "")]
    wrong += [name for name in TELLING if name in headers]
    wrong += ["unsafe"] if "unsafe" in headers.get("Content-Security-Policy", "") else []
    stored = "no-store" not in headers.get("Cache-Control", "")
    return [*wrong, f"Cache-Control: {headers.get('Cache-Control')}"] if stored != kept else wrong


@pytest.mark.django_db
def test_every_address_of_the_portal_and_of_its_api_answers_with_every_header(world: World) -> None:
    browsers = [browser_of(reader) for reader in (world.readers["buyer"], world.readers["stranger"], None)]
    wrong = {}
    for name, nouns, method, _expected in rows():
        url = address(name, nouns, world)
        for browser in browsers:
            answer = ask(browser, method, url)
            if found := faults(answer):
                wrong[f"{method} {url} {answer.status_code}"] = found
    assert wrong == {}


FILE_NAME = re.compile(r'attachment; filename="[A-Za-z0-9._-]+\.(csv|docx|jpeg|json|pdf|png|py|xlsx|zip)"')
KINDS = {"text/csv; charset=utf-8", "application/json", "application/zip", "text/x-python; charset=utf-8", DOCX, XLSX}
KINDS |= set(ProofDocument.MediaType)


@pytest.mark.django_db
def test_every_file_is_handed_over_as_a_file_under_a_plain_name(world: World) -> None:
    reader = browser_of(world.readers["buyer"])
    files = {}
    for name, nouns, method, _expected in rows():
        answer = ask(reader, method, address(name, nouns, world))
        if answer.headers.get("Content-Disposition", "inline").partition(";")[0] != "inline":
            files[name] = (answer["Content-Disposition"], answer["Content-Type"])
    assert set(files) >= {"evaluation:ranking_csv", "evaluation:case_json", "policies:document", "cashback:export"}
    assert {name: kind for name, (named, kind) in files.items() if kind not in KINDS} == {}
    assert {name: named for name, (named, kind) in files.items() if not FILE_NAME.fullmatch(named)} == {}


def broken(request: object) -> HttpResponse:
    raise ZeroDivisionError


ANSWERS: dict[str, tuple[int, Callable[[Client], Any]]] = {
    "a page that is not there": (404, lambda client: client.get("/nowhere/")),
    "a row of the API that is not there": (404, lambda client: client.get("/api/v1/lots/0/")),
    "an address without its slash": (301, lambda client: client.get("/tenders")),
    "another host": (400, lambda client: client.get("/", headers={"host": "elsewhere.example"})),
    "a method a page has not": (405, lambda client: client.put("/tenders/")),
    "a method the API has not": (405, lambda client: client.put("/api/v1/lots/")),
    "a description of the API's address": (405, lambda client: client.options("/api/v1/lots/")),
    "the head of a page": (200, lambda client: client.head("/tenders/")),
    "a form of another site": (403, lambda client: strict(client).post("/language/", {"language": "en"})),
    "a form sent to the API": (415, lambda client: client.post("/api/v1/bids/", {"lot": "1"})),
    "a page that fails": (500, lambda client: client.post("/language/")),
    "a form with a file": (400, lambda client: client.post("/tokens/", {"name": SimpleUploadedFile("a", b"a")})),
}


def strict(client: Client) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = client.cookies
    return browser


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_is_no_page_has_them_too(what: str, buyer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "a page that fails":
        monkeypatch.setattr(account, "url_has_allowed_host_and_scheme", broken)
    client = browser_of(buyer)
    status, asked = ANSWERS[what]
    answer = asked(client)
    assert answer.status_code == status
    assert faults(answer) == []


def test_a_style_sheet_is_kept_by_browsers_but_by_no_other_site(client: Client) -> None:
    answer = client.get("/static/css/bareme.css")
    assert answer.status_code == 200
    assert faults(answer, kept=True) == []


@pytest.fixture
def https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = YEAR


def test_over_plain_http_only_the_way_to_https_is_told(https: None, client: Client) -> None:
    answer = client.get("/tenders/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/tenders/")
    assert faults(answer) == []


@pytest.mark.parametrize("address", ["/login/", "/nowhere/", "/api/v1/lots/", "/static/css/bareme.css", "/tenders"])
def test_over_https_browsers_are_told_to_stay_there(https: None, client: Client, address: str, db: None) -> None:
    assert f"max-age={YEAR}" in client.get(address, secure=True)["Strict-Transport-Security"]


@pytest.mark.parametrize("body", ["file", "long"])
def test_whoever_is_not_logged_in_fills_no_disk(body: str, client: Client, settings: Any, db: None) -> None:
    """A file of a form would be written to a temporary folder before anybody asks who sends it."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    fields: dict[str, Any] = {"file": {"file": SimpleUploadedFile("a.csv", b"a")}, "long": {"username": "a" * 20_000}}
    answer = client.post("/login/", {"password": PASSWORD, **fields[body]})
    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()


def test_a_form_without_a_file_may_come_in_parts(client: Client, buyer: User) -> None:
    assert client.post("/login/", {"username": "morel", "password": PASSWORD})["Location"] == "/"


@pytest.mark.django_db
def test_an_answer_to_head_has_no_body_and_says_how_long_the_page_is() -> None:
    told, page = Client().head("/login/"), Client().get("/login/")
    request = RequestFactory().head("/")
    whole = HttpResponse(b"whole")
    parts = StreamingHttpResponse([b"part"])

    assert told.headers["Content-Length"] == str(len(page.content))
    assert HeadMiddleware(lambda _request: whole)(request).content == b""
    assert whole.headers["Content-Length"] == "5"
    assert list(HeadMiddleware(lambda _request: parts)(request)) == []
