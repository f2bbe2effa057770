"""A question to an archive: asked once, answered whole, bound to what it was answered from."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from bench import archive
from procurement.jobs import services as jobs
from procurement.jobs.models import Job, Part, State
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.simulation import studies, sweeping, tasks
from procurement.simulation.bindings import code_sha256, document_sha256, file_sha256
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep
from procurement.simulation.scenarios import scenarios_of
from procurement.simulation.services import request_look, request_sweep
from procurement.simulation.worker_files import ChangedLots, changed_lot
from scoring.canonical import sha256
from scoring.portfolio import documents
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from tests.cashback.conftest import approved, scheme
from tests.factories import UserFactory
from tests.simulation.invented import EUROPEAN, GREEN, axis
from tests.simulation.invented import policy as invented_policy
from tests.simulation.invented import snapshot as invented_snapshot

AXES = [axis(EUROPEAN, "3", "5", "10"), axis(GREEN, "0", "5")]


@pytest.fixture
def asked(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Sweep:
    return request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=officer)


def run(asked: Sweep | Look) -> Any:
    """The sweep or look once a worker has done its job."""
    (tasks.sweep if isinstance(asked, Sweep) else tasks.look)(str(asked.job_id))
    return type(asked)._default_manager.select_related("job").get(pk=asked.pk)


def test_the_answer_is_what_the_library_says_of_every_scenario_in_order(
    asked: Sweep, snapshot: ArchiveSnapshot
) -> None:
    answered = run(asked)
    study = Study(Snapshot.read(snapshot.path), archive.POLICY)
    scenarios = scenarios_of(AXES)
    assert [each.changes[GREEN] for each in scenarios] == ["0", "5"] * 3, "the last axis goes fastest"
    code = code_sha256()
    expected = documents.assembled(
        scenarios, documents.baseline(study, code=code), [documents.part(study, scenarios, code=code)]
    )
    assert answered.result == expected
    assert answered.result_sha256 == document_sha256(expected)
    assert answered.job.state == State.DONE
    assert answered.job.result == {"simulation.Sweep": str(asked.pk)}


def test_an_answer_is_bound_to_the_data_the_policy_the_scenarios_and_the_code(asked: Sweep) -> None:
    found = run(asked).result["bound"]
    assert found == sweeping.bound(asked)
    assert found["policy"] == sha256(archive.POLICY)
    assert found["code"] == code_sha256()


def test_the_record_says_who_asked_and_what_came_of_it(asked: Sweep, officer: User) -> None:
    answered = run(asked)
    lines = Line.objects.filter(object=f"simulation.Sweep:{asked.pk}").values_list("action", "actor", "after")
    assert list(lines) == [
        ("sweep.requested", f"user:{officer.pk}", asked.question_sha256),
        ("sweep.finished", f"user:{officer.pk}", answered.result_sha256),
    ]


def test_one_amount_has_its_step_curve_in_the_answer_and_every_switch_in_a_file(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    asked = request_sweep(snapshot=snapshot, policy_version=policy, axes=[axis(EUROPEAN, "0", "5", "10")], by=officer)
    answered = run(asked)
    assert answered.result["curve"]["path"] == EUROPEAN
    assert answered.result["curve"]["changed"][-1][2] == answered.result["scenarios"][-1]["changed"]
    assert file_sha256(answered.curve_path) == answered.curve_file_sha256


def test_what_has_no_step_curve_is_answered_without_and_says_why(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    axes = [axis("cashback.tiers.0.1", "0.01", "0.02")]
    answered = run(request_sweep(snapshot=snapshot, policy_version=policy, axes=axes, by=officer))
    assert answered.result["curve"] is None
    assert "has no step curve" in answered.result["curve_refused"]["template"]
    assert answered.curve_file_sha256 == ""


def test_what_the_lots_of_the_archive_do_not_have_is_said_to_whoever_asked(
    snapshot: ArchiveSnapshot, officer: User
) -> None:
    reads_a_mark = {"id": "clean", "kind": "add_points", "driver": "mark:cleanliness", "amount": "5"}
    policy = invented_policy(measures=[reads_a_mark])
    asked = request_sweep(
        snapshot=snapshot, policy_version=policy, axes=[axis("measures.clean.amount", "1", "2")], by=officer
    )
    answered = run(asked)
    assert answered.job.state == State.FAILED
    assert "reads the mark of the criterion cleanliness, which the lot" in answered.job.error
    assert answered.result is None


def test_a_scheme_takes_the_place_of_the_one_in_the_policy(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    other = approved(scheme(tiers=[["0", "0.5"]]), kind="cashback")
    asked = request_sweep(snapshot=snapshot, policy_version=policy, scheme_version=other, axes=AXES, by=officer)
    assert asked.policy_document["cashback"]["tiers"] == [["0", "0.5"]]
    assert run(asked).result["bound"]["policy"] == sha256({**archive.POLICY, "cashback": other.document})


def test_the_same_question_is_answered_once_for_everybody(
    asked: Sweep, snapshot: ArchiveSnapshot, policy: PolicyVersion
) -> None:
    run(asked)
    other = UserFactory(role=Role.POLICY_OFFICER)
    assert request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=other) == asked
    assert Job.objects.count() == 1
    assert request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES[:1], by=other) != asked


def test_a_question_being_answered_is_not_asked_twice_by_the_same_person(
    asked: Sweep, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    assert request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=officer) == asked
    jobs.cancel(job=asked.job, by=officer)
    assert request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=officer) != asked


def test_only_policy_officers_ask(snapshot: ArchiveSnapshot, policy: PolicyVersion) -> None:
    for role in set(Role) - {Role.POLICY_OFFICER}:
        with pytest.raises(PermissionDenied):
            request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=UserFactory(role=role))
    assert not Sweep.objects.exists()


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ([], "Vary from 1 to 4 different amounts."),
        ([axis(EUROPEAN, "1"), axis(EUROPEAN, "2")], "Vary from 1 to 4 different amounts."),
        (
            [axis("measures.lunar.amount", "1")],
            "measures.lunar.amount is not what a simulation of this policy varies: choose one",
        ),
        ([axis(EUROPEAN)], f"at least one value of {EUROPEAN}"),
        ([axis(EUROPEAN, "5", "3")], "go from 5 to 3: write them from the lowest to the highest"),
        ([axis(EUROPEAN, "5", "5.0")], "go from 5 to 5.0"),
        ([axis(EUROPEAN, "a lot")], f"{EUROPEAN} = a lot makes no policy (/measures/0/amount)"),
        ([axis(EUROPEAN, *map(str, range(40))), axis(GREEN, *map(str, range(40)))], "The values make 1600 scenarios"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_one_sentence(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User, axes: list[dict[str, Any]], sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        request_sweep(snapshot=snapshot, policy_version=policy, axes=axes, by=officer)
    assert sentence in refusal.value.sentence
    assert not Sweep.objects.exists()


def test_an_area_that_the_policy_lacks_is_refused(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    with pytest.raises(Invalid, match="no area HOME: it has EU"):
        request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, local_area="HOME", by=officer)


def test_a_retired_policy_a_scheme_in_its_place_and_a_missing_file_are_refused(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    with pytest.raises(Invalid, match="is not a cash-back scheme"):
        request_sweep(snapshot=snapshot, policy_version=policy, scheme_version=policy, axes=AXES, by=officer)
    snapshot.path.rename(snapshot.path.with_suffix(".away"))
    with pytest.raises(Refused, match=r"is not on this machine: copy \w+.parquet to"):
        request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=officer)
    snapshot.path.with_suffix(".away").rename(snapshot.path)
    policies.retire(version=policy, by=officer, at=timezone.now())
    with pytest.raises(Refused, match="is retired"):
        request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES, by=officer)


def test_a_worker_without_the_file_says_so(asked: Sweep, snapshot: ArchiveSnapshot) -> None:
    snapshot.path.unlink()
    job = run(asked).job
    assert job.state == State.FAILED
    assert "is not on this machine" in job.error


def test_a_worker_whose_file_was_changed_says_so(asked: Sweep, snapshot: ArchiveSnapshot) -> None:
    other = invented_snapshot(10, seed=2)
    other.path.rename(snapshot.path)
    job = run(asked).job
    assert job.state == State.FAILED
    assert "is not what it was: put the one back whose SHA-256 is" in job.error


def test_a_worker_of_another_version_of_the_software_says_so(asked: Sweep) -> None:
    Sweep.objects.update(code_sha256="0" * 64)
    job = run(asked).job
    assert job.state == State.FAILED
    assert "The software of the worker is not the one that took the question" in job.error


def test_a_sweep_that_fails_keeps_nothing(asked: Sweep, snapshot: ArchiveSnapshot) -> None:
    snapshot.path.unlink()
    answered = run(asked)
    assert (answered.result, answered.finished_at, answered.result_sha256) == (None, None, "")


def test_parts_depend_on_the_question_alone_and_cover_it_once(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    snapshot.bids = 1_000_000
    axes = [axis(EUROPEAN, *map(str, range(100))), axis(GREEN, *map(str, range(10)))]
    asked = request_sweep(snapshot=snapshot, policy_version=policy, axes=axes, by=officer)
    blocks = [each for each in sweeping.parts_of(asked) if each["what"] == "scenarios"]
    assert [number for each in blocks for number in range(each["first"], each["last"])] == list(range(1_000))
    assert 8 <= len(blocks) <= 64  # several for each worker of two or four
    assert {each["last"] - each["first"] for each in blocks[:-1]} == {128}


def test_the_same_bytes_come_out_however_the_work_was_divided(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, divided = set(), []
    for bids in (1, 2_000, 10**9):
        monkeypatch.setattr(sweeping, "BIDS_AT_ONCE", bids)
        asked = request_sweep(snapshot=snapshot, policy_version=policy, axes=AXES[:1], by=officer)
        divided.append(len(sweeping.parts_of(asked)))
        answered = run(asked)
        found.add((answered.result_sha256, answered.curve_file_sha256))
        Sweep.objects.update(question_sha256="")
    assert divided == [2 + 3, 2 + 2, 2 + 1]
    assert len(found) == 1


def test_parts_that_are_not_the_answer_are_refused_in_the_language_of_whoever_asked(
    asked: Sweep, officer: User
) -> None:
    Sweep.objects.update(axes=[axis(EUROPEAN, "3"), axis(GREEN, "0")])
    job = Job.objects.get(pk=asked.job_id)
    arguments = sweeping.parts_of(Sweep.objects.get(pk=asked.pk))
    results = [sweeping.part_of_sweep(job, each) for each in arguments]
    with translation.override("fr"), pytest.raises(Refused, match="Aucune partie de la simulation ne comporte"):
        sweeping.assembled(asked, arguments, results)


def test_what_the_parts_found_goes_once_it_is_in_the_answer(asked: Sweep, officer: User) -> None:
    run(request_look(sweep=run(asked), scenario=4, by=officer))
    assert not Part.objects.exists()


def cancelled_after(steps: int, asked: Sweep | Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requester of a question stops it when its work has asked so often whether it is still wanted."""
    taken = 0

    def heed(*, job: Job) -> None:
        nonlocal taken
        taken += 1
        if taken == steps:
            jobs.cancel(job=asked.job, by=asked.job.requested_by)
        still_wanted(job=job)

    still_wanted = jobs.heed
    monkeypatch.setattr(jobs, "heed", heed)
    monkeypatch.setattr(jobs, "HEED_SECONDS", 0)


def test_a_question_is_left_while_its_archive_is_made_ready_and_the_next_one_begins_again(
    asked: Sweep, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stopping:
        cancelled_after(5, asked, stopping)
        left = run(asked)
    assert (left.job.state, left.result) == (State.CANCELLED, None)
    assert not Part.objects.exists()
    (place,) = studies._places.values()
    assert place.study is None
    assert not place.lock.locked()
    again = request_sweep(snapshot=asked.snapshot, policy_version=asked.policy_version, axes=AXES, by=officer)
    assert run(again).job.state == State.DONE


def test_a_step_curve_is_left_on_its_way_and_leaves_no_file(
    asked: Sweep, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(asked)
    one = {"axes": [axis(EUROPEAN, "0", "5", "10")], "snapshot": asked.snapshot, "policy_version": asked.policy_version}
    curve = request_sweep(**one, by=officer)
    cancelled_after(3, curve, monkeypatch)
    left = run(curve)
    assert (left.job.state, left.result) == (State.CANCELLED, None)
    assert not left.curve_path.exists()


def test_whoever_waits_for_an_archive_that_another_makes_ready_is_stopped_too(
    asked: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop() -> None:
        raise InterruptedError

    run(asked)
    (place,) = studies._places.values()
    monkeypatch.setattr(studies, "WAIT_SECONDS", 0.01)
    with place.held(lambda: None), pytest.raises(InterruptedError):
        studies.study_of(asked, heed=stop)


def test_a_look_is_left_between_two_of_its_steps(asked: Sweep, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    look = request_look(sweep=run(asked), scenario=4, by=officer)
    steps = 0

    def heed(*, job: Job) -> None:
        nonlocal steps
        steps += 1
        if steps == 5:
            jobs.cancel(job=job, by=officer)
        still_wanted(job=job)

    still_wanted = jobs.heed
    monkeypatch.setattr(jobs, "heed", heed)
    left = run(look)
    assert (left.job.state, left.result) == (State.CANCELLED, None)
    assert steps == 6, "the part is left at its fifth step, and the job then asks why"
    assert not left.path.exists()


def test_a_look_shows_the_changed_lots_of_one_scenario(asked: Sweep, officer: User) -> None:
    answered = run(asked)
    look = run(request_look(sweep=answered, scenario=4, by=officer))
    assert look.result["schema"] == "bareme-look/1"
    assert look.result["scenario"] == answered.result["scenarios"][4]
    assert look.result["bound"] == answered.result["bound"]
    assert file_sha256(look.path) == look.file_sha256
    import pyarrow.parquet as pq

    assert pq.read_metadata(look.path).num_rows == look.result["changed"]


def test_a_look_is_there_once_and_asked_for_again_when_it_failed(asked: Sweep, officer: User) -> None:
    answered = run(asked)
    first = request_look(sweep=answered, scenario=0, by=officer)
    assert request_look(sweep=answered, scenario=0, by=UserFactory(role=Role.POLICY_OFFICER)) == first
    jobs.cancel(job=first.job, by=officer)
    again = request_look(sweep=answered, scenario=0, by=officer)
    assert (again.pk, again.job_id == first.job_id) == (first.pk, False)
    assert run(again).finished_at
    assert Look.objects.count() == 1


def test_a_look_needs_an_answered_sweep_and_one_of_its_scenarios(asked: Sweep, officer: User) -> None:
    with pytest.raises(Refused, match="not finished"):
        request_look(sweep=asked, scenario=0, by=officer)
    answered = run(asked)
    with pytest.raises(Invalid, match="no scenario 6"):
        request_look(sweep=answered, scenario=6, by=officer)
    answered.code_sha256 = uuid.uuid4().hex
    with pytest.raises(Refused, match="software has changed"):
        request_look(sweep=answered, scenario=0, by=officer)
    assert not Look.objects.exists()


def test_no_file_is_left_half_written(asked: Sweep, officer: User, archives: Path) -> None:
    run(request_look(sweep=run(asked), scenario=0, by=officer))
    assert not list(archives.rglob(".*"))


def test_a_policy_of_other_amounts_is_another_question(asked: Sweep, snapshot: ArchiveSnapshot, officer: User) -> None:
    other = invented_policy(id="dearer", bonus_cap="5")
    assert request_sweep(snapshot=snapshot, policy_version=other, axes=AXES, by=officer) != asked


def test_changed_lots_are_read_from_the_file_that_the_look_left_and_from_no_other(asked: Sweep, officer: User) -> None:
    look = run(request_look(sweep=run(asked), scenario=4, by=officer))
    left = look.path.read_bytes()
    look.path.write_bytes(left + b" ")
    with pytest.raises(Refused, match=f"{look.path.name}, is not what it was"):
        ChangedLots(look)
    look.path.write_bytes(left)
    assert len(ChangedLots(look)) == look.result["changed"]


def test_a_lot_of_a_number_beyond_the_archive_is_not_among_the_changed_ones(asked: Sweep, officer: User) -> None:
    look = run(request_look(sweep=run(asked), scenario=4, by=officer))
    assert changed_lot(look, 10**30) is None
    changed = ChangedLots(look)[0]
    assert changed_lot(look, changed["number"]) == changed
