"""The room of simulations: a question is asked in its address, and its answer read scenario by scenario."""

import re
from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from procurement.jobs.models import Job
from procurement.people.models import User
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.simulation.forms import VariationForm
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep
from procurement.simulation.parameters import parameters
from procurement.simulation.present.changed import shown
from procurement.simulation.present.currencies import moved
from procurement.simulation.present.figures import headline
from procurement.simulation.present.provenance import source
from procurement.simulation.present.result import Result
from procurement.simulation.present.room import room
from procurement.simulation.present.steps import steps, switching
from procurement.simulation.services import request_sweep
from procurement.simulation.sources import ARCHIVED
from procurement.simulation.worker_files import ChangedLots
from tests.factories import UserFactory
from tests.simulation import answered, invented
from tests.simulation.invented import EUROPEAN, GREEN, axis

NEW = "simulation:new_sweep"
RATE = "cashback.tiers.0.1"
Question = dict[str, object]


@pytest.fixture
def office(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def sweep(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Sweep:
    return answered.sweep(snapshot=snapshot, policy=policy, by=officer, carbon="co2e")


@pytest.fixture
def question(snapshot: ArchiveSnapshot, policy: PolicyVersion) -> Question:
    return {"snapshot": snapshot.pk, "policy_version": policy.pk, "parameter_1": EUROPEAN, "values_1": "3; 5; 10"}


def text(client: Client, address: str, **asked: object) -> str:
    return client.get(address, asked).content.decode()


def test_an_empty_room_says_what_it_will_hold_and_how_to_begin(office: Client) -> None:
    page = text(office, reverse("simulation:sweeps"))
    assert "No simulation yet" in page
    assert reverse(NEW) in page


def test_without_an_archive_the_form_says_how_one_is_made(office: Client) -> None:
    page = text(office, reverse(NEW))
    assert "import_archive worldbank" in page
    assert reverse("simulation:archive") in page


def test_every_amount_cap_and_rate_of_a_policy_can_be_varied_under_its_name(policy: PolicyVersion) -> None:
    found = {path: (each.name, each.today_shown) for path, each in parameters(policy.document).items()}
    assert found == {
        EUROPEAN: ("Bonus for European share", "5"),
        GREEN: ("Bonus for environmental quality", "5"),
        "bonus_cap": ("Cap of the bonuses", "8"),
        "cashback.tiers.0.1": ("Cash-back: rate from a European share of 50%", "2%"),
        "cashback.cap_per_hospital_year": ("Cash-back: cap of a hospital’s year", "200,000"),
        "cashback.envelope_year": ("Cash-back: national envelope of a year", "50,000,000"),
    }


def test_a_rate_is_typed_in_percent_and_written_as_the_document_does(policy: PolicyVersion) -> None:
    rate = parameters(policy.document)["cashback.tiers.0.1"]
    assert (rate.written("2.5"), rate.typed("0.025"), rate.shown("0.025")) == ("0.025", Decimal("2.5"), "2.5%")


def test_only_what_may_be_kilograms_is_offered_for_the_co2e(policy: PolicyVersion) -> None:
    offered = VariationForm(document=policy.document, countries=["FR"]).fields["carbon"]
    assert [value for value, _name in offered.choices] == ["", "co2e"]
    stated = ["carbon-footprint-ratio", "kilograms"]  # by the bids of an archive
    offered = VariationForm(document=policy.document, countries=["FR"], measured=stated).fields["carbon"]
    assert [value for value, _name in offered.choices] == ["", "co2e", "kilograms"]
    ratios = {**policy.document, "indicators": [{**policy.document["indicators"][0], "id": "carbon-footprint-ratio"}]}
    assert "carbon" not in VariationForm(document=ratios, countries=["FR"]).fields


def test_posting_a_question_starts_it_and_leads_to_its_page(office: Client, question: Question) -> None:
    answer = office.post(reverse(NEW), question)
    asked = Sweep.objects.get()
    assert answer.headers["Location"] == asked.get_absolute_url()
    assert asked.axes == [axis(EUROPEAN, "3", "5", "10")]
    assert "waits for a free worker" in text(office, asked.get_absolute_url())


def test_a_range_with_its_step_is_as_good_as_its_values(office: Client, question: Question) -> None:
    office.post(reverse(NEW), {**question, "values_1": "", "from_1": "1", "to_1": "2", "step_1": "0.5"})
    assert Sweep.objects.get().axes == [axis(EUROPEAN, "1", "1.5", "2")]


def test_numbers_are_read_in_the_language_of_the_reader(client: Client, question: Question) -> None:
    client.force_login(UserFactory(role="policy_officer", language="fr"))
    client.post(reverse(NEW), {**question, "values_1": "2,5 ; 7,5"})
    assert Sweep.objects.get().axes == [axis(EUROPEAN, "2.5", "7.5")]


def test_a_percentage_is_typed_with_its_sign_and_points_without(office: Client, question: Question) -> None:
    rate = {"parameter_1": RATE, "values_1": "2%; 3.5 %"}
    office.post(reverse(NEW), question | rate)
    assert Sweep.objects.get().axes == [axis(RATE, "0.02", "0.035")]

    answer = office.post(reverse(NEW), question | {"values_1": "2%"})
    assert set(answer.context["variation"].errors) == {"values_1"}


@pytest.mark.parametrize(
    ("mistake", "field", "sentence"),
    [
        ({"values_1": "three"}, "values_1", "“three” is not a number: write values as in 1,234.56; 1,234.56."),
        ({"values_1": ""}, "values_1", "Write its values, or a range with its first value, its last and a step."),
        (
            {"values_1": "", "from_1": "5", "to_1": "3", "step_1": "1"},
            "to_1",
            "A range rises: write a last value that is not below the first.",
        ),
        ({"values_1": "", "from_1": "1", "to_1": "3", "step_1": "0"}, "step_1", "A step is more than 0."),
        (
            {"values_1": "", "from_1": "0", "to_1": "10", "step_1": "0.01"},
            "step_1",
            "This range has more than 1,000 values: take a larger step.",
        ),
        (
            {"parameter_2": EUROPEAN, "values_2": "1"},
            "parameter_2",
            "This is varied already: choose another value, or nothing more.",
        ),
        ({"values_2": "1; 2"}, "parameter_2", "Say which value these are of, or leave them out."),
        (
            {"values_1": "3", "from_1": "0", "to_1": "10", "step_1": "1"},
            "values_1",
            "Write its values or a range, not both.",
        ),
    ],
)
def test_what_is_wrong_with_a_question_stands_at_its_field(
    office: Client, question: Question, mistake: Question, field: str, sentence: str
) -> None:
    answer = office.post(reverse(NEW), {**question, **mistake})
    assert answer.context["variation"].errors == {field: [sentence]}
    assert not Sweep.objects.exists()


def test_two_values_that_make_too_many_scenarios_together_are_counted(office: Client, question: Question) -> None:
    ranges = {"values_1": "", "from_1": "1", "to_1": "40", "step_1": "1"}
    second = {"parameter_2": GREEN, "from_2": "1", "to_2": "40", "step_2": "1"}
    page = office.post(reverse(NEW), {**question, **ranges, **second}).content.decode()
    assert "This makes 1,600 scenarios, and one question takes 1,000 at most: take fewer values." in page


def test_a_value_no_policy_may_have_is_refused_in_a_sentence(office: Client, question: Question) -> None:
    page = office.post(
        reverse(NEW), {**question, "parameter_1": "cashback.envelope_year", "values_1": "-1; 5"}
    ).content.decode()
    assert "makes no policy" in page
    assert not Sweep.objects.exists()


def test_the_link_on_a_page_puts_the_very_same_question_again(office: Client, sweep: Sweep, officer: User) -> None:
    page = text(office, sweep.get_absolute_url())
    link = re.search(rf'href="({re.escape(reverse(NEW))}\?[^"]+)"', page)
    assert link is not None
    words = {name: found[0] for name, found in parse_qs(urlsplit(link[1].replace("&amp;", "&")).query).items()}
    form = office.get(reverse(NEW), words).context["variation"]
    assert form.is_valid(), form.errors
    again = request_sweep(snapshot=sweep.snapshot, policy_version=sweep.policy_version, **form.question(), by=officer)
    assert again == sweep


def test_a_result_repeats_what_its_archive_is_and_that_bids_are_unchanged(office: Client, sweep: Sweep) -> None:
    page = text(office, sweep.get_absolute_url())
    for sentence in (
        "Proposal: simulation only",
        "Origin is that of the goods.",
        "Marks are simulated.",
        "Static: bids",
    ):
        assert sentence in page
    for digest in (sweep.snapshot.sha256, sweep.policy_sha256, sweep.scenarios_sha256, sweep.code_sha256):
        assert digest in page


def test_a_result_carries_its_certificate_in_words(office: Client, sweep: Sweep) -> None:
    page = text(office, sweep.get_absolute_url())
    assert "200 lots × 6 scenarios" in page
    assert "0 unverified" in page


def test_the_policy_as_it_stands_is_the_scenario_read_first(office: Client, sweep: Sweep) -> None:
    chosen = office.get(sweep.get_absolute_url()).context["chosen"]["standing"]
    assert chosen.changes == {EUROPEAN: "5", GREEN: "5"}


def test_a_scenario_is_chosen_by_its_number_or_by_the_place_of_each_value(office: Client, sweep: Sweep) -> None:
    page = sweep.get_absolute_url()
    by_number = office.get(page, {"s": "4"}).context["chosen"]["standing"]
    by_place = office.get(page, {"v0": "2", "v1": "0"}).context["chosen"]["standing"]
    assert by_number.number == by_place.number == 4
    assert by_number.changes == {EUROPEAN: "10", GREEN: "0"}


@pytest.mark.parametrize(
    "nonsense", [{"s": "99"}, {"s": "²"}, {"v0": "9", "v1": "9"}, {"ordering": "x"}, {"heat": "x"}]
)
def test_an_address_that_names_no_scenario_shows_the_usual_one(
    office: Client, sweep: Sweep, nonsense: dict[str, str]
) -> None:
    answer = office.get(sweep.get_absolute_url(), nonsense)
    assert answer.context["chosen"]["standing"].number == 3


def test_figures_are_those_of_the_document_to_the_cent(sweep: Sweep) -> None:
    result = Result(sweep)
    assert sweep.result is not None
    for standing, written in zip(result.scenarios, sweep.result["scenarios"], strict=True):
        (money,) = written["money"]
        assert standing.spend - result.baseline.spend == standing.extra_cost
        assert (standing.spend, standing.deadweight, standing.changed) == (
            money["spend"],
            money["deadweight"],
            written["changed"],
        )


def test_the_scenario_that_changes_nothing_has_zero_for_every_difference(office: Client, sweep: Sweep) -> None:
    nothing = Result(sweep).scenarios[0]
    assert (nothing.changes, nothing.changed, nothing.extra_cost) == ({EUROPEAN: "0", GREEN: "0"}, 0, 0)


def test_the_drawing_marks_every_scenario_that_nothing_beats(sweep: Sweep) -> None:
    scenarios = Result(sweep).scenarios
    for each in scenarios:
        beaten = any(
            other.extra_cost <= each.extra_cost
            and other.share >= each.share
            and (other.extra_cost, other.share) != (each.extra_cost, each.share)
            for other in scenarios
        )
        assert each.efficient is not beaten


def test_two_varied_values_make_a_table_whose_cells_lead_to_their_scenarios(office: Client, sweep: Sweep) -> None:
    heat = office.get(sweep.get_absolute_url()).context["heat"]
    assert [title for title, _cells in heat.rows] == ["0", "5", "10"]
    assert [[cell.number for cell in cells] for _title, cells in heat.rows] == [[0, 1], [2, 3], [4, 5]]


def test_one_varied_amount_has_its_step_curve_with_each_step_in_a_table(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    found = answered.sweep(snapshot=snapshot, policy=policy, by=officer, axes=[axis(EUROPEAN, "0", "5", "10")])
    steps = office.get(found.get_absolute_url()).context["steps"]
    changed = {each.changes[EUROPEAN]: each.changed for each in Result(found).scenarios}
    assert steps.steps[0].changed == changed["0"]
    assert steps.steps[-1].changed == changed["10"]
    until_five = [step.changed for step in steps.steps if step.amount <= 5]
    assert until_five[-1] == changed["5"]


def test_the_lots_that_switch_are_listed_at_their_amounts(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    found = answered.sweep(snapshot=snapshot, policy=policy, by=officer, axes=[axis(EUROPEAN, "0", "5", "10")])
    address = reverse("simulation:switches", args=[found.pk])
    assert address in text(office, found.get_absolute_url())
    rows = office.get(address).context["rows"]
    amounts = [row["amount"] for row in rows]
    assert amounts == sorted(amounts)
    assert rows[0]["lot"] in text(office, address)
    found.curve_path.unlink()
    assert f"{found.curve_path.name}, is not on this machine" in text(office, address)


def test_why_there_is_no_step_curve_is_said_in_the_readers_language(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    found = answered.sweep(snapshot=snapshot, policy=policy, by=officer, axes=[axis("bonus_cap", "4", "8")])
    assert "bonus_cap is not the amount of a measure: it has no step curve." in text(office, found.get_absolute_url())
    User.objects.filter(pk=officer.pk).update(language="fr")
    assert "bonus_cap n&#x27;est pas le montant d&#x27;une mesure" in text(office, found.get_absolute_url())


def test_the_table_of_scenarios_can_be_sorted(office: Client, sweep: Sweep) -> None:
    rows = office.get(sweep.get_absolute_url(), {"ordering": "-changed"}).context["rows"]
    changed = [row["standing"].changed for row in rows]
    assert changed == sorted(changed, reverse=True)


def test_up_to_five_scenarios_stand_side_by_side(office: Client, sweep: Sweep) -> None:
    page = office.get(reverse("simulation:compare", args=[sweep.pk]) + "?s=0&s=1&s=2&s=3&s=4&s=5")
    assert [each["standing"].number for each in page.context["compared"]] == [0, 1, 2, 3, 4]
    assert "5 scenarios stand side by side at most" in page.content.decode()


def test_when_none_is_ticked_the_page_leads_back_to_the_scenarios(office: Client, sweep: Sweep) -> None:
    page = text(office, reverse("simulation:compare", args=[sweep.pk]))
    assert "No scenario was ticked" in page
    assert sweep.get_absolute_url() in page


def test_a_newer_version_of_the_policy_makes_a_result_stale_and_says_so(
    office: Client, sweep: Sweep, officer: User
) -> None:
    document = {**sweep.policy_version.document, "version": 2, "bonus_cap": "9"}
    invented.approved(document)
    page = text(office, sweep.get_absolute_url())
    assert "another version of the policy or of the scheme is approved now" in page
    assert "Ask the same again" in page


def test_a_result_whose_archive_is_gone_says_so(office: Client, sweep: Sweep) -> None:
    sweep.snapshot.path.unlink()
    assert "the file of the archive is no longer on this machine" in text(office, sweep.get_absolute_url())


def test_a_page_of_a_scenario_offers_to_look_and_writes_nothing_until_asked(office: Client, sweep: Sweep) -> None:
    address = reverse("simulation:look", args=[sweep.pk, 4])
    jobs = Job.objects.count()
    assert "Look closely" in text(office, address)
    assert Job.objects.count() == jobs
    office.post(address)
    assert Look.objects.get().scenario == 4


def test_the_changed_lots_are_narrowed_by_hospital_family_and_country(
    office: Client, sweep: Sweep, officer: User
) -> None:
    look = answered.look(sweep, 4, by=officer)
    changed = list(ChangedLots(look))
    for name, column in (("family", "cpv"), ("country", "after_country")):
        wanted = changed[0][column][:3]
        page = office.get(look.get_absolute_url(), {name: wanted}).context["page"]
        assert page.paginator.count == sum(row[column].startswith(wanted) for row in changed)
    hospital = changed[0]["hospital"]
    page = office.get(look.get_absolute_url(), {"hospital": hospital}).context["page"]
    assert page.paginator.count == sum(hospital in row["hospital"] for row in changed)


def test_where_no_lot_changes_or_fits_the_filter_the_page_says_so(office: Client, sweep: Sweep, officer: User) -> None:
    look = answered.look(sweep, 4, by=officer)
    assert "No changed award fits this filter." in text(office, f"{look.get_absolute_url()}?hospital=nobody")
    nothing = answered.look(sweep, 0, by=officer)
    assert not len(ChangedLots(nothing))
    assert "This scenario changes no award." in text(office, nothing.get_absolute_url())


def test_a_filter_that_is_no_code_says_so_and_narrows_nothing(office: Client, sweep: Sweep, officer: User) -> None:
    look = answered.look(sweep, 4, by=officer)
    answer = office.get(look.get_absolute_url(), {"country": "France"})
    assert "A country has a code of two letters: FR." in answer.content.decode()
    assert answer.context["page"].paginator.count == len(ChangedLots(look))


def test_groups_by_country_add_up_to_the_spend_of_the_scenario(office: Client, sweep: Sweep, officer: User) -> None:
    look = answered.look(sweep, 4, by=officer)
    groups = office.get(look.get_absolute_url()).context["groups"].groups
    assert sum(group.spend_after for group in groups) * 100 == Result(sweep).scenarios[4].spend
    by_hospital = office.get(look.get_absolute_url(), {"by": "hospital"}).context["groups"].groups
    assert sum(group.changed for group in by_hospital) == Result(sweep).scenarios[4].changed


def test_a_scenario_computed_by_another_program_is_not_looked_at_but_asked_again(office: Client, sweep: Sweep) -> None:
    Sweep.objects.filter(pk=sweep.pk).update(code_sha256="0" * 64)
    page = text(office, reverse("simulation:look", args=[sweep.pk, 4]))
    assert "Stale: the program that computes it has changed since." in page
    assert "hx-post" not in page
    assert "Ask again" in page


def test_a_scenario_that_was_looked_at_has_its_countries_on_the_page_of_the_simulation(
    office: Client, sweep: Sweep, officer: User
) -> None:
    assert office.get(sweep.get_absolute_url(), {"s": "4"}).context["groups"] is None
    answered.look(sweep, 4, by=officer)
    groups = office.get(sweep.get_absolute_url(), {"s": "4"}).context["groups"].groups
    assert sum(group.spend_after for group in groups) * 100 == Result(sweep).scenarios[4].spend


def test_a_changed_lot_opens_its_explanation_by_the_engine(office: Client, sweep: Sweep, officer: User) -> None:
    look = answered.look(sweep, 4, by=officer)
    row = ChangedLots(look)[0]
    answer = office.get(reverse("simulation:changed_lot", args=[sweep.pk, 4, row["number"]]))
    before, after = (
        next(each for each in answer.context["tenderers"] if getattr(each, side))
        for side in ("won_before", "won_after")
    )
    assert (before.bid, after.bid) == (row["before_bid"], row["after_bid"])
    baseline, scenario = answer.context["accounts"]
    assert baseline.total.difference < 0 < scenario.total.difference
    for account in (baseline, scenario):
        assert sum(each.difference for each in account.components) == account.total.difference
    assert escape(f"{row['after_supplier']} ({row['after_bid']}) wins with") in answer.content.decode()


def test_a_lot_that_a_scenario_does_not_change_has_no_explanation(office: Client, sweep: Sweep, officer: User) -> None:
    look = answered.look(sweep, 4, by=officer)
    changed = {row["number"] for row in ChangedLots(look)}
    same = next(number for number in range(sweep.snapshot.lots) if number not in changed)
    assert office.get(reverse("simulation:changed_lot", args=[sweep.pk, 4, same])).status_code == 404


def test_without_the_file_of_changed_lots_the_page_says_where_to_copy_it(
    office: Client, sweep: Sweep, officer: User
) -> None:
    look = answered.look(sweep, 4, by=officer)
    look.path.unlink()
    assert f"{look.path.name}, is not on this machine: copy it to" in text(office, look.get_absolute_url())


def test_a_retired_version_is_not_offered_and_a_draft_is(
    office: Client, question: Question, policy: PolicyVersion, officer: User
) -> None:
    draft = policies.draft_version(
        identifier="bench",
        title=policy.policy.title,
        kind="preference",
        document={**policy.document, "version": 2},
        note="",
        by=officer,
        at=timezone.now(),
    )
    policies.retire(version=policy, by=officer, at=timezone.now())
    offered = office.get(reverse(NEW)).context["subject"].fields["policy_version"].queryset
    assert list(offered) == [draft]
    office.post(reverse(NEW), {**question, "policy_version": draft.pk})
    assert Sweep.objects.get().policy_version == draft


def test_a_headline_over_several_currencies_says_which_one_its_money_is_in(sweep: Sweep) -> None:
    assert sweep.result is not None
    for money in (sweep.result["baseline"]["money"], *(each["money"] for each in sweep.result["scenarios"])):
        money.append({**money[0], "currency": "USD"})
    result = Result(sweep, "USD")
    said = headline(result, result.scenarios[-1])
    assert "in all currencies together. The money below is USD." in said
    in_euros = Result(Sweep.objects.get(pk=sweep.pk))
    assert "in all currencies" not in headline(in_euros, in_euros.scenarios[-1])


def test_a_step_at_a_third_is_said_to_be_rounded(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    found = answered.sweep(snapshot=snapshot, policy=policy, by=officer, axes=[axis(EUROPEAN, "0", "10")])
    assert found.result is not None
    found.result["curve"]["changed"] = [["0", "1", 0], ["1", "2", 1], ["5", "3", 2]]
    drawn = steps(Result(found))
    assert drawn is not None
    assert [(step.amount, step.rounded) for step in drawn.steps] == [
        (Decimal(0), False),
        (Decimal("0.5"), False),
        (Decimal("1.666667"), True),
    ]


def test_a_lot_whose_key_is_an_address_is_shown_by_its_last_part() -> None:
    kept = {"before_price": 1, "after_price": None, "rent": None}
    addressed, plain = shown([{"lot": "http://archive.example/contracts/OP001/", **kept}, {"lot": "750/24-1", **kept}])
    assert (addressed["name"], plain["name"]) == ("OP001", "750/24-1")
    (row,) = switching([{"lot": "http://archive.example/OP002", "top": "3", "bottom": "2"}])
    assert (row["name"], row["amount"]) == ("OP002", Decimal("1.5"))


def test_currencies_without_a_rent_are_not_listed() -> None:
    rents = [{"currency": "EUR", "rent": 0}, {"currency": "JPY", "rent": -250}, {"currency": "USD", "rent": 0}]
    assert room({"room": {"lots": 9, "unbounded": 1, "rent": rents}}).rents == [("JPY", Decimal("-2.5"))]
    assert room({"room": {"lots": 9, "unbounded": 1, "rent": rents[:1]}}).rents == []


def test_every_table_is_taken_along_as_four_kinds_of_files(office: Client, sweep: Sweep, officer: User) -> None:
    look = answered.look(sweep, 5, by=officer)
    for page in (sweep.get_absolute_url(), look.get_absolute_url()):
        links = re.findall(
            r'class="btn btn-outline-primary" href="([^"]+)">(CSV|XLSX|Parquet|JSON)</a>', text(office, page)
        )
        assert len(links) == 4
        assert {office.get(address).status_code for address, _kind in links} == {200}


def in_two_currencies(sweep: Sweep) -> Result:
    """A second currency in which only the last scenario spends otherwise: 10 units more."""
    assert sweep.result is not None
    known, *tried = sweep.result["baseline"], *sweep.result["scenarios"]
    dollars = {**known["money"][0], "currency": "USD", "spend": 100_000}
    for each in (known, *tried):
        each["money"].append({**dollars, "spend": 101_000 if each is tried[-1] else 100_000})
    return Result(sweep, "USD")


def test_each_currency_that_a_scenario_moves_is_listed_by_itself(sweep: Sweep) -> None:
    assert moved(Result(sweep), Result(sweep).scenarios[-1]) == []
    result = in_two_currencies(sweep)
    dollars = next(each for each in moved(result, result.scenarios[-1]) if each.currency == "USD")
    assert (dollars.spend, dollars.extra_cost, dollars.part) == (Decimal(1000), Decimal(10), Decimal("0.01"))
    assert "USD" not in {each.currency for each in moved(result, result.scenarios[0])}


def test_a_headline_says_how_many_awards_at_what_cost_and_for_which_share(sweep: Sweep) -> None:
    result = in_two_currencies(sweep)
    said = headline(result, result.scenarios[-1])
    assert "Spend would have risen by US$10.00 (+1%)." in said
    assert "The European share would have been" in said
    nothing = replace(result.scenarios[-1], changed=0)
    assert headline(result, nothing) == "None of the 200 awards would have changed."


def test_where_goods_come_from_is_not_known_no_european_share_is_shown(office: Client, sweep: Sweep) -> None:
    document = sweep.result
    assert document is not None
    document["provenance"]["origin_of"] = "bidders"
    Sweep.objects.filter(pk=sweep.pk).update(result=document)
    page = office.get(sweep.get_absolute_url())
    assert page.context["scatter"] is None
    assert "European share would have been" not in page.context["headline"]
    assert not {"European value", "European share"} & {line.title for line in page.context["lines"]}
    assert "the archive does not say where goods come from" in page.content.decode()


def test_a_scenario_is_named_with_the_unit_of_its_value(policy: PolicyVersion) -> None:
    known = parameters(policy.document)
    assert known[EUROPEAN].told("1") == "Bonus for European share: 1 point"
    assert known[EUROPEAN].told("1.5") == "Bonus for European share: 1.5 points"
    assert known["cashback.tiers.0.1"].told("0.025") == "Cash-back: rate from a European share of 50%: 2.5%"
    with translation.override("fr"):
        assert known[EUROPEAN].told("1.5").endswith("1,5 point")


def test_what_bareme_wrote_of_an_archive_is_read_in_both_languages() -> None:
    for archive in ARCHIVED.values():
        said = []
        for language in ("en", "fr"):
            with translation.override(language):
                said.append(source(archive.provenance))
        assert said[0] != said[1]
        assert archive.provenance["title"] in said[0]
        assert archive.provenance["title"] not in said[1]
