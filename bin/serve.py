"""Starts the web server and the worker together, and stops both: `.venv/bin/python -m bin.serve --port 8000`.

Each runs in a session of its own, so that Ctrl-C reaches this process alone, which asks both to finish what
they are doing, waits 20 seconds, and ends what is left. The exit code is 0 when both ended as asked, 1
otherwise.
"""

import argparse
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
FIRST_PORT = 8000
GRACE_SECONDS = 20.0
START_SECONDS = 60.0
POLL_SECONDS = 0.1


class PortTaken(Exception):
    """The port asked for is in use."""


@dataclass(frozen=True)
class Child:
    """A process of the portal, by the name people know it under."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the process and to all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def web_command(port: int) -> list[str]:
    """Gunicorn: two processes of four threads each."""
    bind = ["--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
    return [sys.executable, "-m", "gunicorn", "config.wsgi", *bind, "--log-level", "warning"]


def worker_command() -> list[str]:
    """Celery: two jobs at once, no chatter between workers.

    Threads of one process: a killed process of a pool can take a lock of the pool with it, and the others then wait
    for ever beside a worker that looks alive.
    """
    pool = ["--pool", "threads", "--concurrency", "2"]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker", *pool, *quiet]


def free_port(wanted: int | None) -> int:
    """`wanted` if it is free, else PortTaken; without a wish, the first free port from 8000 on."""
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                return port
    raise PortTaken(f"Port {wanted or FIRST_PORT} is taken by another program: stop it, or choose another with PORT=.")


def start(commands: dict[str, list[str]], environment: dict[str, str]) -> list[Child]:
    """Start each command in a session of its own."""
    return [
        Child(name, subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))
        for name, command in commands.items()
    ]


def stop(children: list[Child], grace: float = GRACE_SECONDS) -> bool:
    """Ask every child to end, and end those that have not within `grace` seconds; whether all ended as asked."""
    for child in children:
        if child.runs:
            child.process.terminate()
    deadline = time.monotonic() + grace
    while any(child.runs for child in children) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    late = [child for child in children if child.runs]
    for child in late:
        print(f"The {child.name} did not stop within {grace:.0f} seconds and was ended.", file=sys.stderr, flush=True)
    for child in children:
        child.signal(signal.SIGKILL)  # also what a child that ended left behind
        child.process.wait()
    return not late


def wait_until_it_answers(port: int, children: list[Child]) -> bool:
    """Wait for the first answer of the web server; False when a child ended, or a minute passed, before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and all(child.runs for child in children):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=10)
            connection.request("GET", "/")
            connection.getresponse()
            return True
        time.sleep(POLL_SECONDS)
    return False


@contextlib.contextmanager
def stop_requests() -> Iterator[list[int]]:
    """While inside, Ctrl-C and a termination request are noted in the list instead of ending this process."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    kept = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def serve(port: int, environment: dict[str, str], ready: str) -> int:
    """Run web and worker until Ctrl-C; prints `ready` once the portal answers. Returns the exit code."""
    with stop_requests() as asked:
        children = start({"web server": web_command(port), "worker": worker_command()}, environment)
        if wait_until_it_answers(port, children):
            print(ready, flush=True)
        else:
            asked.append(0)
        while not asked and all(child.runs for child in children):
            time.sleep(POLL_SECONDS)
        ended = [child for child in children if not child.runs]
        for child in ended:
            code = child.process.returncode
            print(f"The {child.name} ended by itself (exit code {code}).", file=sys.stderr, flush=True)
        stopped = stop(children)
    return 0 if stopped and not ended and 0 not in asked else 1


def main() -> int:
    """Read the port and run both; 1 with a sentence when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m bin.serve", description="Web server and worker together.")
    parser.add_argument("--port", type=int, help=f"default: the first free one from {FIRST_PORT} on")
    try:
        port = free_port(parser.parse_args().port)
    except PortTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    return serve(port, dict(os.environ), f"The portal answers at http://{HOST}:{port}/ (Ctrl-C stops it)")


if __name__ == "__main__":
    sys.exit(main())
