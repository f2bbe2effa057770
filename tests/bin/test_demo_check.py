"""The check of the demonstration fails at the first step that does not answer as it should."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve

from bin import demo_check, serve
from bin.demo_portal import Portal, Unexpected
from tests.audit.bundles import FINGERPRINT, SEED, Story, packed

LOT: dict[str, Any] = {
    "id": 7,
    "number": 2,
    "reference": "GHT-2026-022",
    "title": "Ventilators",
    "items": [{"needs": [{"hospital": 3}]}],
}
SHEET: dict[str, Any] = {
    "id": 11,
    "sheet": {
        "winner": "nordmed",
        "tied": False,
        "findings": [],
        "ranking": [{"rank": 1, "bid": "nordmed", "total": "84.20"}],
    },
}
JOB = "0b5f0c9e-7d0e-4c53-9f6e-3f0a9b6c1d21"
RUNNING = {"id": JOB, "state": "running", "done": 0, "total": 2}
DONE = {"id": JOB, "state": "done", "done": 2, "total": 2}


PANEL: dict[str, Any] = {
    "id": 4,
    "reference": "GHT-2026-022",
    "number": 2,
    "stage": "opened",
    "two_envelopes": True,
    "criteria": [{"key": "safety"}, {"key": "service"}],
}
PLACES = [
    {"bid": "offre-1", "criterion": "safety", "individual": [{"value": "2"}, {"value": "4"}]},
    {"bid": "offre-1", "criterion": "service", "individual": [{"value": "3"}]},
]


@pytest.fixture
def answers(asked: list[tuple[str, Any]]) -> dict[str, tuple[int, Any]]:
    """What the portal answers to each request, by method and path below /api/v1/."""
    return {
        "POST tokens/": (201, {"token": "t"}),
        "GET panels/": (200, {"results": [PANEL | {"id": 3, "two_envelopes": False}, PANEL]}),
        "GET panels/4/": (200, PANEL),
        "GET panels/4/bids/": (200, lambda: [to_judge(price="9" if locked(asked) else None)]),
        "POST panels/4/marks/": (201, {"kept": 1}),
        "GET lots/7/agreed-marks/": (200, PLACES),
        "POST lots/7/agreed-marks/": (200, {"kept": 2}),
        "POST lots/7/lock-marks/": (201, {}),
        "GET lots/?stage=opened&training=false&page_size=100": (200, {"results": [LOT]}),
        "POST lots/7/score/": (201, SHEET),
        "POST lots/7/award/": (201, {"id": 5}),
        "GET policy-versions/?status=proposed&policy__kind=preference": (
            200,
            {"results": [{"id": 1, "document": {}}, {"id": 2, "document": {"cashback": {"tiers": []}}}]},
        ),
        "POST cashback-estimates/": (202, {"job": RUNNING}),
        f"GET jobs/{JOB}/": (200, DONE),
        "GET decisions/5/export.csv": (200, "rank,bid\n1,nordmed\n"),
        "POST decisions/5/bundle/": (200, packed(Story().files())),
    }


def to_judge(price: str | None) -> dict[str, Any]:
    return {"bid": "x1", "price": price, "marks": [{"criterion": "safety", "value": "3"}]}


def locked(asked: list[tuple[str, Any]]) -> bool:
    return "POST lots/7/lock-marks/" in dict(asked)


@pytest.fixture
def asked() -> list[tuple[str, Any]]:
    return []


@pytest.fixture
def portal(answers: dict[str, tuple[int, Any]], asked: list[tuple[str, Any]]) -> Iterator[Portal]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            request = f"{self.command} {self.path.removeprefix('/api/v1/')}"
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((request, json.loads(sent) if sent else None))
            status, told = answers[request]
            body = told() if callable(told) else told
            content = (
                body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing: pytest shows what matters."""

    with ThreadingHTTPServer((serve.HOST, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield Portal(server.server_address[1])
        server.shutdown()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_check.time, "sleep", lambda _seconds: None)


def test_one_procedure_is_carried_from_the_score_to_the_export(
    portal: Portal, asked: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    demo_check.carry_through(portal, FINGERPRINT)
    sent = dict(asked)
    assert (sent["POST lots/7/award/"]["bid"], sent["POST lots/7/award/"]["sheet"]) == ("nordmed", 11)
    assert sent["POST cashback-estimates/"]["policy_version"] == 2
    assert sent["POST cashback-estimates/"]["hospital"] == 3
    output = capsys.readouterr().out
    assert "nordmed" in output
    assert "84.20" in output
    assert "Decision exported: 2 rows" in output
    assert sent["POST decisions/5/bundle/"] == {"kind": "full"}
    assert "decision.json: its bytes are not those of the manifest" in output
    assert "VERIFIED: nothing differs, and the key you gave signed it." in output


def test_a_panel_judges_before_that_and_its_member_is_told_no_price_until_the_lock(
    portal: Portal, asked: list[tuple[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    demo_check.carry_through(portal, FINGERPRINT)
    sent = dict(asked)
    assert [(mark["bid"], mark["criterion"]) for mark in sent["POST panels/4/marks/"]] == [("x1", "service")]
    assert [mark["value"] for mark in sent["POST lots/7/agreed-marks/"]] == ["2", "3"]
    assert "1 marks given, 2 agreed and locked" in capsys.readouterr().out


@pytest.mark.parametrize(("price", "told"), [("9", "told before"), (None, "withheld after")])
def test_a_price_told_before_the_lock_or_withheld_after_it_fails_the_check(
    portal: Portal, answers: dict[str, tuple[int, Any]], price: str | None, told: str
) -> None:
    answers["GET panels/4/bids/"] = (200, [to_judge(price)])
    with pytest.raises(Unexpected, match=f"A price is {told} the lock"):
        demo_check.carry_through(portal, FINGERPRINT)


def test_a_demonstration_without_a_panel_of_two_envelopes_fails_the_check(
    portal: Portal, answers: dict[str, tuple[int, Any]]
) -> None:
    answers["GET panels/"] = (200, {"results": []})
    with pytest.raises(Unexpected, match="No panel of evaluator2"):
        demo_check.carry_through(portal, FINGERPRINT)


def test_the_check_asks_for_addresses_the_portal_has(portal: Portal, asked: list[tuple[str, Any]]) -> None:
    demo_check.carry_through(portal, FINGERPRINT)
    for request, _sent in asked:
        assert resolve("/api/v1/" + request.split()[1].partition("?")[0])


@pytest.mark.parametrize(
    "request_line",
    [
        "POST tokens/",
        "POST panels/4/marks/",
        "POST lots/7/lock-marks/",
        "POST lots/7/award/",
        "GET decisions/5/export.csv",
        "POST decisions/5/bundle/",
    ],
)
@pytest.mark.parametrize("status", [301, 403, 500])
def test_an_answer_that_is_no_success_fails_the_check(
    portal: Portal, answers: dict[str, tuple[int, Any]], request_line: str, status: int
) -> None:
    answers[request_line] = (status, {"detail": "no"})
    with pytest.raises(Unexpected, match=rf"answered {status}"):
        demo_check.carry_through(portal, FINGERPRINT)


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_job_that_is_not_done_fails_the_check(
    portal: Portal, answers: dict[str, tuple[int, Any]], state: str
) -> None:
    answers[f"GET jobs/{JOB}/"] = (200, DONE | {"state": state})
    with pytest.raises(Unexpected, match=f"job is {state}"):
        demo_check.carry_through(portal, FINGERPRINT)


def test_an_empty_export_fails_the_check(portal: Portal, answers: dict[str, tuple[int, Any]]) -> None:
    answers["GET decisions/5/export.csv"] = (200, "rank,bid\n")
    with pytest.raises(Unexpected, match="holds no row"):
        demo_check.carry_through(portal, FINGERPRINT)


@pytest.mark.parametrize(
    "change",
    [{"winner": None}, {"tied": True}, {"findings": [{"severity": "block"}]}],
    ids=["no winner", "a tie", "a block"],
)
def test_a_lot_that_cannot_be_awarded_is_passed_over(
    portal: Portal, answers: dict[str, tuple[int, Any]], change: dict[str, Any]
) -> None:
    answers["POST lots/7/score/"] = (201, SHEET | {"sheet": SHEET["sheet"] | change})
    with pytest.raises(Unexpected, match="No opened lot"):
        demo_check.carry_through(portal, FINGERPRINT)


def test_a_bundle_that_another_key_signed_fails_the_check(portal: Portal) -> None:
    with pytest.raises(Unexpected, match="did not verify the bundle"):
        demo_check.carry_through(portal, "0" * 64)


def test_a_verifier_that_sees_nothing_fails_the_check(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_check.evidence, "verify", lambda _bundle, _key: (0, ["VERIFIED"]))
    with pytest.raises(Unexpected, match="did not see that a byte"):
        demo_check.carry_through(portal, FINGERPRINT)


def test_the_verifier_is_run_in_a_folder_with_nothing_but_itself_and_the_bundle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[set[str]] = []
    run = demo_check.evidence.subprocess.run

    def looked_at(command: list[str], **options: Any) -> Any:
        seen.append({path.name for path in Path(options["cwd"]).iterdir()})
        return run(command, **options)

    monkeypatch.setattr(demo_check.evidence.subprocess, "run", looked_at)
    assert demo_check.evidence.verify(packed(Story().files()), FINGERPRINT)[0] == 0
    assert seen == [{"verify.py", "bundle.zip"}]


def test_the_fingerprint_is_that_of_the_key_the_demonstration_wrote(tmp_path: Path) -> None:
    (tmp_path / "anchor_key").write_text(SEED.hex())
    assert demo_check.evidence.fingerprint(tmp_path) == FINGERPRINT
