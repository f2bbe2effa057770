"""Web server and worker start together and stop together, and the exit code says how."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bin import serve

SLEEPS = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
FAILS = [sys.executable, "-c", "raise SystemExit(3)"]
ANSWERS = [sys.executable, "-m", "http.server", "--bind", serve.HOST]


def child(command: list[str]) -> serve.Child:
    """A child that has begun its work."""
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return serve.Child("worker", process)


def test_children_that_end_when_asked_are_not_killed() -> None:
    children = [child(SLEEPS), child(SLEEPS)]
    assert serve.stop(children)
    assert [each.process.returncode for each in children] == [-signal.SIGTERM] * 2


def test_a_child_that_does_not_end_is_killed_after_the_grace_and_said(capfd: pytest.CaptureFixture[str]) -> None:
    stubborn = child(STUBBORN)
    assert not serve.stop([stubborn], grace=0.2)
    assert stubborn.process.returncode == -signal.SIGKILL
    assert "The worker did not stop" in capfd.readouterr().err


def test_a_taken_port_is_refused_in_a_sentence_or_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serve.PortTaken, match=f"Port {port} is taken"):
            serve.free_port(port)
    assert serve.free_port(None) >= serve.FIRST_PORT


def test_a_taken_port_ends_the_command_with_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        command = [sys.executable, "-m", "bin.serve", "--port", str(taken.getsockname()[1])]
        answer = subprocess.run(command, cwd=serve.ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Port ")
    assert answer.stderr.count("\n") == 1


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A web server and a worker small enough to start and stop in a test."""
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    monkeypatch.setattr(serve, "web_command", lambda port: [*ANSWERS, str(port)])
    monkeypatch.setattr(serve, "worker_command", lambda: SLEEPS)
    return monkeypatch


def test_ctrl_c_stops_both_and_is_no_failure(portal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = serve.wait_until_it_answers

    def answer_then_interrupt(port: int, children: list[serve.Child]) -> bool:
        answered = asked(port, children)
        os.kill(os.getpid(), signal.SIGINT)
        return answered

    portal.setattr(serve, "wait_until_it_answers", answer_then_interrupt)
    assert serve.serve(serve.free_port(None), dict(os.environ), "The portal answers") == 0
    assert "The portal answers" in capsys.readouterr().out


def test_a_worker_that_ends_by_itself_stops_the_web_server_and_is_a_failure(
    portal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    portal.setattr(serve, "worker_command", lambda: FAILS)
    port = serve.free_port(None)
    assert serve.serve(port, dict(os.environ), "The portal answers") == 1
    assert "The worker ended by itself (exit code 3)." in capsys.readouterr().err
    assert serve.free_port(port) == port


def test_a_web_server_that_cannot_start_is_a_failure(
    portal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    portal.setattr(serve, "web_command", lambda _port: FAILS)
    assert serve.serve(serve.free_port(None), dict(os.environ), "The portal answers") == 1
    output = capsys.readouterr()
    assert "The web server ended by itself" in output.err
    assert "The portal answers" not in output.out
