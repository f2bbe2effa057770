"""French first, English one click away: kept on the account, or in a cookie before logging in."""

from django.test import Client

from procurement.people.models import User


def choose(client: Client, language: str, following: str = "/login/") -> str:
    return client.post("/language/", {"language": language, "next": following})["Location"]


def test_the_portal_speaks_french_first(client: Client, db: None) -> None:
    assert '<html lang="fr">' in client.get("/login/").content.decode()


def test_a_visitor_s_choice_is_kept_in_a_cookie(client: Client, db: None) -> None:
    choose(client, "en")
    assert '<html lang="en">' in client.get("/login/").content.decode()


def test_a_person_s_choice_is_kept_on_the_account(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    choose(client, "fr")
    buyer.refresh_from_db()
    assert buyer.language == "fr"
    assert '<html lang="fr">' in client.get("/", headers={"accept-language": "en"}).content.decode()


def test_an_unknown_language_changes_nothing(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    choose(client, "de")
    buyer.refresh_from_db()
    assert buyer.language == "en"


def test_the_choice_leads_back_to_the_page_and_never_elsewhere(client: Client, db: None) -> None:
    assert choose(client, "en", "/login/?next=/tokens/") == "/login/?next=/tokens/"
    assert choose(client, "en", "https://elsewhere.example/") == "/"


def test_what_is_no_address_of_the_portal_leads_home(client: Client, db: None) -> None:
    for following in (
        "",
        "a-word",
        "tender-list",
        "people:logout",
        "//elsewhere.example",
        "javascript:alert(1)",
        "/\\e.example",
    ):
        assert choose(client, "en", following) == "/"
