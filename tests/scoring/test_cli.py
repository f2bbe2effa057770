"""The command line: documents in, sheets out, errors as JSON, without Django."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scoring import cli, evaluate, reading
from scoring.cli import main

from .documents import Document, effect, lot, offer, preference, scheme

REPOSITORY = Path(__file__).parents[2]


def written(folder: Path, name: str, document: Any) -> str:
    path = folder / name
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def run(*arguments: str, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, where Django could not be found."""
    code = "import sys; sys.modules['django'] = None; import runpy; runpy.run_module('scoring', run_name='__main__')"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY,
        env=environment,
        input=typed,
        capture_output=True,
        check=False,
        timeout=60,
    )


def shell(arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a shell runs it, redirections included."""
    command = f"{shlex.quote(sys.executable)} -m scoring {arguments}"
    return subprocess.run(["/bin/sh", "-c", command], cwd=REPOSITORY, capture_output=True, check=False, timeout=60)


def errors(text: str) -> list[Document]:
    """The errors of each line of standard error."""
    return [json.loads(line) for line in text.splitlines()]


def test_evaluate_prints_one_sheet_per_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [lot(offer("Éloïse")), lot(offer("B"), offer("C", "90"))]
    files = [written(tmp_path, f"{index}.json", case) for index, case in enumerate(cases)]
    assert main(["evaluate", *files]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [evaluate(case) for case in cases]


def test_an_invalid_document_is_exit_2_with_its_errors_and_the_others_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = written(tmp_path, "bad.json", lot(offer("A", "-1")))
    good = written(tmp_path, "good.json", lot(offer("A")))
    assert main(["evaluate", bad, good]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["winner"] == "A"
    (said,) = errors(printed.err)
    assert said["file"] == bad
    assert said["errors"] == [{"pointer": "/bids/0/price", "message": "The number must be greater than 0; it is -1."}]


def test_lines_keeps_each_answer_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps(lot(offer("A"))), "{", "", json.dumps(lot(offer("A", "0"))), json.dumps(lot(offer("B")))]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["evaluate", "--lines", str(path)]) == 2
    printed = capsys.readouterr()
    answers = [json.loads(line) for line in printed.out.splitlines()]
    assert [answer.get("winner") for answer in answers] == ["A", None, None, None, "B"]
    assert [error["pointer"] for error in answers[3]["errors"]] == ["/bids/0/price"]
    assert set(answers[1]["errors"][0]) == {"pointer", "message"}
    assert "no valid document: 3;" in errors(printed.err)[0]["errors"][0]["message"]


def test_it_runs_without_django_from_standard_input() -> None:
    answer = run("evaluate", "-", typed=json.dumps(lot(offer("A"))).encode())
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert json.loads(answer.stdout)["winner"] == "A"
    answer = run("evaluate", "--lines", "-", typed=b'{"a": 1, "a": 2}\n')
    assert answer.returncode == 2
    assert json.loads(answer.stdout)["errors"][0]["pointer"] == "/a"


def test_text_is_printed_as_utf8_whatever_the_locale() -> None:
    case = lot(offer("Société générale de seringues"))
    answer = run("evaluate", "-", typed=json.dumps(case).encode())
    assert json.loads(answer.stdout.decode("utf-8"))["winner"] == "Société générale de seringues"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff", "is not UTF-8"),
        (b"", "there is nothing in it"),
        (b" \r\n", "there is nothing in it"),
        (b'{"a": "b', "Unterminated string starting at line 1, column 7."),
        (b"[" * 50_000, "nested too deeply"),
        (b'{"schema": "bareme-case/1", "bids": NaN}', "NaN"),
    ],
)
def test_an_unreadable_file_gets_one_sentence(
    content: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    for command in ("evaluate", "validate"):
        assert main([command, str(path)]) == 2
        (said,) = errors(capsys.readouterr().err)
        (error,) = said["errors"]
        assert sentence in error["message"]


@pytest.mark.parametrize(("name", "reason"), [("missing.json", "No such file"), (".", "directory"), ("a\0b", "null")])
def test_a_file_that_is_not_there_gets_one_sentence(
    name: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["evaluate"], ["evaluate", "--lines"], ["validate"], ["ration", str(tmp_path)]):
        assert main([*command, str(tmp_path / name)]) == 2
        assert any(reason in said["errors"][0]["message"] for said in errors(capsys.readouterr().err))


def test_validate_recognises_a_policy_and_prints_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = preference(effect("m", "scale_score", driver="share:CN", amount="0.2"))
    assert main(["validate", written(tmp_path, "policy.json", policy)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["errors"] == []
    assert [warning["pointer"] for warning in answer["warnings"]] == ["/measures/0/driver"]
    assert main(["validate", written(tmp_path, "case.json", lot())]) == 0
    for other, pointer in (({"schema": "other"}, "/schema"), ([], "")):
        assert main(["validate", written(tmp_path, "other.json", other)]) == 2
        assert errors(capsys.readouterr().err)[0]["errors"][0]["pointer"] == pointer


def test_ration_prints_what_each_award_gets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    awards = [{"id": "a", "hospital": "H", "year": 2026, "awarded_on": "2026-01-01", "amount": "5"}]
    files = [written(tmp_path, "scheme.json", scheme(envelope_year="2")), written(tmp_path, "awards.json", awards)]
    assert main(["ration", *files]) == 0
    assert json.loads(capsys.readouterr().out) == [{"id": "a", "amount": "2.00"}]
    awards[0]["amount"] = "5.001"
    assert main(["ration", files[0], written(tmp_path, "awards.json", awards)]) == 2
    assert errors(capsys.readouterr().err)[0]["errors"][0]["pointer"] == "/awards/0/amount"


def test_dues_prints_what_was_due_and_what_is_given_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoiced = {"id": "a", "hospital": "H", "year": 2026, "awarded_on": "2026-01-01", "invoiced": "1000.00"}
    realised = [{**invoiced, "verified_share": "0.5", "paid": "12.00"}]
    files = [written(tmp_path, "scheme.json", scheme()), written(tmp_path, "realised.json", realised)]
    assert main(["dues", *files]) == 0
    assert json.loads(capsys.readouterr().out) == [{"id": "a", "year": 2026, "due": "10.00", "claw_back": "2.00"}]
    realised[0]["verified_share"] = "1.5"
    assert main(["dues", files[0], written(tmp_path, "realised.json", realised)]) == 2
    assert errors(capsys.readouterr().err)[0]["errors"][0]["pointer"] == "/realised/0/verified_share"


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text((json.dumps(lot(offer("A"))) + "\n") * 300, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "scoring", "evaluate", "--lines", str(path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_interruption_ends_it_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "scoring", "evaluate", "--lines", "-"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(lot(offer("A"))).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["winner"] == "A"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read() == b""


def test_an_answer_that_cannot_be_written_is_exit_1_and_no_fault_of_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "case.json", lot(offer("A")))
    for lines in ([], ["--lines"]):
        for redirection, reason in ((">/dev/full", "No space left on device"), (">&-", "standard output is closed")):
            answer = shell(f"evaluate {' '.join(lines)} {file} {redirection}")
            assert answer.returncode == 1, answer.stderr
            assert errors(answer.stderr.decode()) == [
                {"errors": [{"pointer": "", "message": f"The answer cannot be written: {reason}."}]}
            ]


def test_a_closed_standard_input_gets_one_sentence() -> None:
    answer = shell("evaluate - <&-")
    assert answer.returncode == 2
    assert errors(answer.stderr.decode())[0]["errors"][0]["message"].endswith("standard input is closed.")


@pytest.mark.parametrize("command", [["evaluate"], ["evaluate", "--lines"]])
def test_what_never_ends_is_not_read_whole(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.json"
    case = json.dumps(lot(offer("A"))).encode()
    path.write_bytes(b" " * 5000 + b"\n" + case)
    for module in (cli, reading):
        monkeypatch.setattr(module, "LONGEST", 1500)
    assert main([*command, str(path)]) == 2
    printed = capsys.readouterr()
    assert "longer than" in (printed.out + printed.err).splitlines()[0]
    if "--lines" in command:  # what is too long is one line, and the next one is answered
        assert [json.loads(line).get("winner") for line in printed.out.splitlines()] == [None, "A"]


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["guess"])
    assert left.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_standard_input_holds_one_document() -> None:
    answer = run("evaluate", "-", "-", typed=json.dumps(lot(offer("A"))).encode())
    assert answer.returncode == 2
    assert json.loads(answer.stdout)["winner"] == "A"
    assert "This is not JSON" in errors(answer.stderr.decode())[0]["errors"][0]["message"]
