"""A room of its own for a real worker: database, broker and processes apart from those of the tests."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from bin import serve

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


class Room:
    """An installation under one folder; questions to it are answered by a process of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self.workers: list[subprocess.Popen[bytes]] = []
        self.answering: subprocess.Popen[str] | None = None
        self.trace = folder / "trace"

    def ask(self, program: str) -> Any:
        """Run `program` in the room's installation; the value it leaves in `answer`."""
        if self.answering is None:
            command = [sys.executable, "-m", "tests.jobs.answering"]
            self.answering = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.answering.stdin is not None
        assert self.answering.stdout is not None
        print(json.dumps(program), file=self.answering.stdin, flush=True)
        return json.loads(self.answering.stdout.readline())

    def enqueue(self, *, steps: int, pause: float) -> str:
        arguments = {"steps": steps, "pause": pause, "trace": str(self.trace)}
        job: str = self.ask(
            "by, _ = User.objects.get_or_create(username='requester')\n"
            "answer = services.enqueue(task='tests.jobs.counting.count',"
            f" arguments={arguments!r}, by=by, provenance={{}}).pk"
        )
        return job

    def start_worker(self, include: str = "tests.jobs.counting") -> subprocess.Popen[bytes]:
        """A worker as `bin/serve.py` starts it, in a session of its own, that also knows the tests' work."""
        command = [*serve.worker_command(), "--include", include]
        worker = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        self.workers.append(worker)
        return worker

    def job(self, pk: str) -> dict[str, Any]:
        row: dict[str, Any] = self.ask(
            f"answer = Job.objects.values('state', 'done', 'total', 'attempts', 'result', 'error').get(pk='{pk}')"
        )
        return row

    def actions(self, pk: str) -> list[str]:
        """What the record says of a job, oldest first."""
        found: list[str] = self.ask(
            f"answer = list(Line.objects.filter(object='jobs.Job:{pk}').values_list('action', flat=True))"
        )
        return found

    def wait_for(self, pk: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The job once it satisfies `condition`; fails when the test's patience is over."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            row = self.job(pk)
            if condition(row):
                return row
            time.sleep(0.05)
        pytest.fail(f"The job is still {row} after {PATIENCE_SECONDS} seconds.")

    def stop_workers(self) -> None:
        serve.stop([serve.Child("worker", worker) for worker in self.workers])
        self.workers.clear()
        self.trace.unlink(missing_ok=True)

    def close(self) -> None:
        if self.answering is not None:
            self.answering.communicate()
        if address := self.environment["REDIS_URL"]:
            with redis.Redis.from_url(address) as broker:
                broker.delete(*broker.scan_iter(f"{self.environment['REDIS_PREFIX']}*"))
