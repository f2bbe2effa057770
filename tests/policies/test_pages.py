"""The pages of policies and of the law, as each role reads them."""

import hashlib
import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from procurement.citations import cited
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies import services
from procurement.policies.documents import report
from procurement.policies.models import PolicyVersion
from procurement.policies.references import look_up
from scoring.parameters import all_parameters, lines_of
from tests.factories import UserFactory
from tests.policies.conftest import NOW, approved, draft, policy_document

SCHEME = {"id": "half", "base": "contract", "tiers": [["0.5", "0.01"]], "reference": "cashback.nothing_in_force"}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, address: str, **data: Any) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def seeded(drafter: User, approver: User) -> dict[str, PolicyVersion]:
    versions = services.seed(drafter=drafter, approver=approver, at=NOW)
    return {version.policy.identifier: version for version in versions}


def test_the_list_says_what_is_in_force_and_what_is_proposed(seeded: dict[str, PolicyVersion], buyer: User) -> None:
    shown = text(logged_in(buyer), reverse("policies:list"))
    assert "Rules in force 2026 1 Approved In force" in shown
    assert "2020 proposal 1 Approved Proposal: simulation only" in shown
    assert "Draft a policy" not in shown


def test_an_empty_list_says_what_it_will_hold(drafter: User, buyer: User) -> None:
    assert "will hold the preference policies" in text(logged_in(buyer), reverse("policies:list"))
    assert "Draft a policy" in text(logged_in(drafter), reverse("policies:list"))


def test_the_list_takes_as_many_queries_for_ten_policies_as_for_one(
    drafter: User, approver: User, django_assert_num_queries: Any
) -> None:
    def add(number: int) -> None:
        version = services.draft_version(
            identifier=f"half-{number}",
            title=f"Half {number}",
            kind="cashback",
            document={**SCHEME, "id": f"half-{number}"},
            note="",
            by=drafter,
            at=NOW,
        )
        services.submit(version=version, by=drafter, at=NOW)
        services.approve(version=version, status="proposed", by=approver, at=NOW)

    add(0)
    client = logged_in(drafter)
    with django_assert_num_queries(3):
        client.get(reverse("policies:list"))
    for number in range(1, 10):
        add(number)
    with django_assert_num_queries(3):
        client.get(reverse("policies:list"))


def test_a_policy_lists_its_versions_in_as_many_queries_for_ten_as_for_one(
    drafter: User, approver: User, django_assert_num_queries: Any
) -> None:
    approved(drafter, approver)
    client, address = logged_in(drafter), reverse("policies:policy", args=["content"])
    with django_assert_num_queries(4):
        assert "Draft the next version" in text(client, address)
    for number in range(2, 11):
        approved(drafter, approver, version=number)
    with django_assert_num_queries(4):
        text(client, address)


def test_the_rules_in_force_are_read_out_in_sentences(seeded: dict[str, PolicyVersion], buyer: User) -> None:
    shown = text(logged_in(buyer), reverse("policies:version", args=[seeded["rules-in-force-2026"].pk]))
    assert "In force" in shown
    assert "The bid is excluded." in shown
    assert "procedure launched from 30 June 2025" in shown
    assert "CPV code from 33100000" in shown
    assert "estimated value from 5,000,000, VAT excluded" in shown
    assert "tenderer originating in “China”" in shown
    assert "The winner stays at 50% or less until the end of the contract." in shown
    assert "From 0 to 5 points are added to the total." in shown
    assert "All bonus points together: at most 8." in shown
    assert "Implementing Regulation (EU) 2025/1197 Secondary source" in shown
    assert "simulation only" not in shown


def test_the_proposal_says_that_it_is_one_and_reads_out_its_cash_back(
    seeded: dict[str, PolicyVersion], buyer: User
) -> None:
    shown = text(logged_in(buyer), reverse("policies:version", args=[seeded["european-priority-2020"].pk]))
    assert "Proposal: simulation only" in shown
    assert "Rate on the European part of the price" in shown
    assert "Up to 25% more, in proportion to environmental quality" in shown
    assert "€200,000.00" in shown
    assert "no law in force: simulation only" in shown


def test_a_scheme_alone_has_its_page(seeded: dict[str, PolicyVersion], buyer: User) -> None:
    shown = text(logged_in(buyer), reverse("policies:version", args=[seeded["cashback-contract-value"].pk]))
    assert "Rate on the price of the contract" in shown
    assert "first come, first served" in shown


def test_the_downloaded_document_has_the_hash_that_is_shown(seeded: dict[str, PolicyVersion], buyer: User) -> None:
    version = seeded["rules-in-force-2026"]
    client = logged_in(buyer)
    downloaded = client.get(reverse("policies:document", args=[version.pk]))
    assert downloaded["Content-Disposition"] == 'attachment; filename="rules-in-force-2026-1.json"'
    assert hashlib.sha256(downloaded.content).hexdigest() == version.sha256
    assert version.sha256 in text(client, reverse("policies:version", args=[version.pk]))


def test_a_version_shows_what_it_changes_of_the_one_before(drafter: User, approver: User) -> None:
    approved(drafter, approver)
    second = draft(drafter, version=2, bonus_cap="4")
    shown = text(logged_in(approver), reverse("policies:version", args=[second.pk]))
    assert "What changes from version 1" in shown
    assert "/bonus_cap – 4" in shown


def test_a_warning_of_the_document_is_shown(drafter: User) -> None:
    malus = {"id": "m", "kind": "add_points", "driver": "share:CN", "amount": "-3", "reference": "origin.not_covered"}
    version = draft(drafter, measures=[malus])
    assert "goods of unknown origin escape it" in text(
        logged_in(drafter), reverse("policies:version", args=[version.pk])
    )


def test_a_draft_is_hidden_from_those_who_do_not_write_policies(drafter: User, buyer: User) -> None:
    version = draft(drafter)
    client = logged_in(buyer)
    assert client.get(reverse("policies:version", args=[version.pk])).status_code == 404
    assert client.get(reverse("policies:document", args=[version.pk])).status_code == 404
    assert client.get(reverse("policies:policy", args=["content"])).status_code == 404
    assert client.get(reverse("policies:draft")).status_code == 403


def entered(**changed: Any) -> dict[str, str]:
    return {
        "kind": "preference",
        "identifier": "content",
        "title": "Covered content",
        "note": "First figures.",
        "document": json.dumps(policy_document(**changed)),
    }


def test_a_policy_is_drafted_submitted_and_approved_through_the_pages(drafter: User, approver: User) -> None:
    first, second = logged_in(drafter), logged_in(approver)
    first.post(reverse("policies:draft"), entered())
    version = PolicyVersion.objects.get()
    assert "Submit for approval" in text(first, reverse("policies:version", args=[version.pk]))
    first.post(reverse("policies:submit", args=[version.pk]))
    assert "somebody else approves it" in text(first, reverse("policies:version", args=[version.pk]))
    page = second.get(reverse("policies:approve", args=[version.pk]))
    seen = page.context["form"].initial["sha256"]
    second.post(reverse("policies:approve", args=[version.pk]), {"status": "in_force", "sha256": seen})
    version.refresh_from_db()
    assert (version.state, version.status, version.approved_by) == ("approved", "in_force", approver)
    read = text(second, reverse("policies:retire", args=[version.pk]))
    assert "This cannot be undone" in read
    version.refresh_from_db()
    assert version.state == "approved", "reading what it means retires nothing"
    second.post(reverse("policies:retire", args=[version.pk]))
    version.refresh_from_db()
    assert version.state == "retired"


def test_a_new_draft_starts_from_a_document_that_lacks_its_name_alone(drafter: User) -> None:
    page = logged_in(drafter).get(reverse("policies:draft"))
    document = json.loads(page.context["form"].initial["document"])
    assert report({**document, "id": "new"}, kind="preference").errors == ()


def test_a_document_that_leaves_its_name_empty_takes_that_of_the_form(drafter: User) -> None:
    client = logged_in(drafter)
    document = client.get(reverse("policies:draft")).context["form"].initial["document"]
    client.post(
        reverse("policies:draft"),
        {"kind": "preference", "identifier": "new-one", "title": "New one", "note": "", "document": document},
    )
    drafted = PolicyVersion.objects.get()
    assert (drafted.document["id"], drafted.document["title"]) == ("new-one", "New one")


def test_what_was_typed_comes_back_with_every_problem(drafter: User) -> None:
    sent = entered(european_area="EUROPE", bonus_cap="ten")
    answer = logged_in(drafter).post(reverse("policies:draft"), sent)
    shown = answer.content.decode()
    assert "<code>/european_area</code>" in shown
    assert "<code>/bonus_cap</code>" in shown
    assert answer.context["form"]["document"].value() == sent["document"]
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize("typed", ["{", '{"a": "1", "a": "2"}', "[]", '{"schema": 1.5}'])
def test_text_that_is_no_document_is_told_and_kept(typed: str, drafter: User) -> None:
    answer = logged_in(drafter).post(reverse("policies:draft"), {**entered(), "document": typed})
    assert answer.status_code == 200
    assert answer.context["refusal"].details
    assert answer.context["form"]["document"].value() == typed


def test_a_draft_is_changed_and_not_over_the_change_of_another(drafter: User, approver: User) -> None:
    version = draft(drafter)
    address = reverse("policies:change", args=[version.pk])
    client = logged_in(drafter)
    seen = client.get(address).context["form"].initial["sha256"]
    changed = {"note": "A cap.", "document": json.dumps(policy_document(bonus_cap="4")), "sha256": seen}
    assert client.post(address, changed).status_code == 302
    late = {"note": "", "document": json.dumps(policy_document(bonus_cap="5")), "sha256": seen}
    answer = logged_in(approver).post(address, late)
    assert "has moved in the meantime" in answer.content.decode()
    assert PolicyVersion.objects.get().document["bonus_cap"] == "4"


def test_the_next_version_starts_from_the_latest_as_a_proposal(drafter: User, approver: User) -> None:
    approved(drafter, approver, status="in_force")
    client = logged_in(drafter)
    page = client.get(reverse("policies:draft"), {"policy": "content"})
    document = json.loads(page.context["form"].initial["document"])
    assert (document["version"], document["status"]) == (2, "proposed")
    client.post(
        reverse("policies:draft") + "?policy=content",
        {"note": "", "document": page.context["form"].initial["document"]},
    )
    assert PolicyVersion.objects.filter(version=2, state="draft").exists()


def test_the_approval_says_what_keeps_a_policy_from_being_in_force(drafter: User, approver: User) -> None:
    measure = {**policy_document()["measures"][0], "reference": "hearsay"}
    version = draft(drafter, measures=[measure])
    services.submit(version=version, by=drafter, at=NOW)
    client, address = logged_in(approver), reverse("policies:approve", args=[version.pk])
    assert "/measures/0/reference hearsay" in text(client, address)
    answer = client.post(address, {"status": "in_force", "sha256": version.sha256})
    assert "only if every measure names a legal value" in answer.content.decode()
    version.refresh_from_db()
    assert version.state == "submitted"


def test_a_retired_version_no_longer_passes_for_one_in_force(drafter: User, approver: User) -> None:
    version = approved(drafter, approver, status="in_force")
    services.retire(version=version, by=approver, at=NOW)
    shown = text(logged_in(drafter), reverse("policies:version", args=[version.pk]))
    assert "New procedures can no longer publish it." in shown
    assert "Nothing on this page is a simulation" not in shown


def test_a_version_is_sent_back_through_the_page(drafter: User, approver: User) -> None:
    version = draft(drafter)
    services.submit(version=version, by=drafter, at=NOW)
    logged_in(approver).post(reverse("policies:send_back", args=[version.pk]), {"back-reason": "No source."})
    version.refresh_from_db()
    assert version.state == "draft"


@pytest.mark.parametrize("name", ["change", "submit", "approve", "send_back", "retire"])
def test_a_buyer_moves_no_version(name: str, drafter: User, approver: User, buyer: User) -> None:
    version = approved(drafter, approver)
    assert logged_in(buyer).post(reverse(f"policies:{name}", args=[version.pk])).status_code == 403


@pytest.mark.parametrize("role", Role.values)
def test_everybody_reads_every_card_of_the_law(role: str, db: None) -> None:
    client = logged_in(UserFactory(role=role))
    listed = text(client, reverse("policies:law"))
    for line in all_parameters():
        assert line.title["en"] in listed


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_card_is_written_in_the_reader_s_language(language: str, db: None) -> None:
    client = logged_in(UserFactory(language=language))
    for key, line in {line.key: line for line in all_parameters()}.items():
        shown = html.unescape(client.get(reverse("policies:parameter", args=[key])).content.decode())
        assert line.explanation[language] in shown
        with translation.override(language):
            assert cited(line.reference.article) in shown


def test_a_card_shows_value_reference_mark_and_review(buyer: User) -> None:
    shown = text(logged_in(buyer), reverse("policies:parameter", args=["ipi_2025_1197.estimated_value"]))
    assert "€5,000,000.00, VAT excluded" in shown
    assert "Implementing Regulation (EU) 2025/1197" in shown
    assert "Secondary source" in shown
    assert "15 November 2026" in shown
    assert "from 30 June 2025 to 29 June 2030" in shown
    proposal = text(logged_in(buyer), reverse("policies:parameter", args=["proposals.procurement_act"]))
    assert "Proposal: simulation only" in proposal


def test_a_recalled_value_is_never_presented_as_law(buyer: User) -> None:
    recalled = {line.key for line in all_parameters() if lines_of(line.key)[-1].mark == "R"}
    assert {"areas.gpa_recalled", "ipi_2025_1197.charge", "decision.unit_prices_secret"} <= recalled
    for key in recalled:
        shown = text(logged_in(buyer), reverse("policies:parameter", args=[key]))
        practice = lines_of(key)[-1].status == "practice"
        assert ("Practice of this portal" if practice else "to be checked before anything rests on it") in shown
        assert "Nothing on this page is a simulation" not in shown, "the strip of what is in force"


def test_what_holds_for_utilities_alone_carries_no_rule_of_a_hospital(buyer: User) -> None:
    for key in ("origin.utilities_reject_below", "origin.utilities_preference"):
        shown = text(logged_in(buyer), reverse("policies:parameter", args=[key]))
        assert "In force for utilities alone, not for hospitals" in shown
        assert "Nothing on this page is a simulation" not in shown, "the strip of what is in force"
        assert not look_up(key, on=NOW.date()).carries_law


def test_a_card_nobody_wrote_is_not_found(buyer: User) -> None:
    assert logged_in(buyer).get(reverse("policies:parameter", args=["no.such"])).status_code == 404


def test_a_french_reader_finds_the_seeds_and_their_areas_in_french(seeded: dict[str, PolicyVersion]) -> None:
    client = logged_in(UserFactory(language="fr"))
    in_force, proposal = seeded["rules-in-force-2026"], seeded["european-priority-2020"]

    assert "Règles en vigueur 2026" in text(client, reverse("policies:list"))
    shown = text(client, reverse("policies:version", args=[in_force.pk]))
    assert "La mesure IMPI sur les dispositifs médicaux de Chine" in shown
    assert "Part des produits originaires de la zone « EEE et pays couverts »" in shown
    assert "États de l'Espace économique européen EEA" in shown
    assert "Déclaration environnementale de produit non vérifiée EPD not verified" in shown
    assert in_force.policy.title in shown  # the document keeps its own words
    assert "Jusqu'à 5 points" in text(client, reverse("policies:policy", args=[proposal.policy.identifier]))


def test_a_french_officer_reads_in_french_what_is_wrong_with_a_draft(drafter: User) -> None:
    drafter.language = "fr"
    drafter.save()
    typed = {"kind": "preference", "identifier": "content", "title": "Covered content"}

    def problems(document: str) -> list[str]:
        answer = logged_in(drafter).post(reverse("policies:draft"), {**typed, "document": document})
        return [problem["message"] for problem in answer.context["refusal"].details]

    assert problems("{") == [
        "Ce n'est pas du JSON\u00a0: "
        "un nom de clé entre guillemets droits doubles est attendu, à la ligne 1, colonne 2."
    ]
    said = problems(json.dumps(policy_document(status="draft", title="Other", european_area="Mars", measures={})))
    assert said == [
        'Il faut ici "in_force" ou "proposed", et non "draft".',
        "Il faut ici une liste, et non un objet.",
        "«\u00a0Mars\u00a0» n'est pas une zone de la politique.",
        "On lit ici Other\u00a0; cette version dit Covered content.",
    ]


def test_a_french_reader_is_warned_in_french(drafter: User) -> None:
    malus = {"id": "m", "kind": "add_points", "driver": "share:CN", "amount": "-3", "reference": "x"}
    version = draft(drafter, measures=[malus])

    shown = text(
        logged_in(UserFactory(role=Role.POLICY_OFFICER, language="fr")), reverse("policies:version", args=[version.pk])
    )

    assert "Ce malus croît avec la part de ce qu'il vise" in shown


def test_the_form_of_the_approval_is_not_offered_to_whoever_drafted_it(drafter: User, approver: User) -> None:
    version = draft(drafter)
    services.submit(version=version, by=drafter, at=NOW)
    for person, offered in ((drafter, False), (approver, True)):
        client = Client()
        client.force_login(person)
        shown = client.get(reverse("policies:approve", args=[version.pk])).content.decode()
        assert ("Approve for good" in shown) is offered
        assert ("so somebody else approves it" in shown) is not offered


def test_the_approval_names_the_article_that_does_not_carry_a_measure(drafter: User, approver: User) -> None:
    version = services.draft_version(
        identifier="half", title="Half", kind="cashback", document=SCHEME, note="", by=drafter, at=NOW
    )
    services.submit(version=version, by=drafter, at=NOW)
    shown = text(logged_in(approver), reverse("policies:approve", args=[version.pk]))
    assert "/reference CSS L162-23-14" in shown
    assert "no law in force: simulation only" in shown
    assert "cashback.nothing_in_force" not in shown
