"""From “run” to the result page at the size of a country: `python -m bench.studio`.

200,000 lots, 1,000,000 bids, 1,000 scenarios, the portal as it is served, two real workers on Redis and PostgreSQL that
have answered a question about this archive before. A client does what a browser does: it posts the form, looks at the
progress as often as the page says, and reads the result page. Each round asks another question. Exits 1 when the median
is over `ALLOWED`, 2 when there is no server to measure on.
"""

from __future__ import annotations

import http.cookiejar
import os
import platform
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.scratch import scratch, server
from bin import serve

LOTS, BIDS, ROUNDS, WORKERS = 200_000, 1_000_000, 5, 2
SCENARIOS = 1_000
ALLOWED = 5.0  # seconds
PATIENCE = 600.0  # seconds
EUROPEAN, GREEN = "measures.european.amount", "measures.green.amount"


def main() -> int:
    """Build the archive, start the portal and its workers, ask, and print the table."""
    where, broker = server(), os.environ.get("BENCH_REDIS_URL") or os.environ.get("REDIS_URL", "")
    if not broker:
        print("This needs Redis: set BENCH_REDIS_URL to redis://host:port/number.")
    if not where or not broker:
        return 2
    prefix = f"bareme-bench-{os.getpid()}:"
    with tempfile.TemporaryDirectory() as folder, scratch(where) as versions:
        kept = {"REDIS_URL": broker, "REDIS_PREFIX": prefix, "HTTPS": "0", "BAREME_ARCHIVES": folder}
        os.environ.update(kept | {"NUMBA_CACHE_DIR": str(serve.ROOT / "var" / "kernels")})
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], check=True)
        import django

        django.setup()
        asked = ask_about()
        print(
            f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {versions}, Redis", flush=True
        )
        try:
            with portal() as (port, processes):
                return report(*measure(Browser(port, asked), processes))
        finally:
            forget(broker, prefix)


@contextmanager
def portal() -> Iterator[tuple[int, list[int]]]:
    """The web server and the workers, as they are started for people; the port it answers on, and the processes."""
    port = serve.free_port(None)
    commands = {"web server": serve.web_command(port)}
    commands |= {f"worker {number}": serve.worker_command() for number in range(WORKERS)}
    children = serve.start(commands, dict(os.environ))
    try:
        if not serve.wait_until_it_answers(port, children):
            raise RuntimeError("The portal did not start.")
        yield port, [child.process.pid for child in children]
    finally:
        serve.stop(children)


@dataclass(frozen=True)
class Asked:
    """Who asks, by the cookie of a session, and about what."""

    session: str
    snapshot: int
    policy: int


def ask_about() -> Asked:
    """An archive, an approved policy and a policy officer who is logged in."""
    from django.conf import settings
    from django.test import Client

    from bench import simulated
    from procurement.people.models import User
    from procurement.people.roles import Role

    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    drafter, approver = (
        User.objects.create_user(name, secrets.token_urlsafe(), role=Role.POLICY_OFFICER, language="en")
        for name in ("drafter", "approver")
    )
    version, snapshot = simulated.policy(drafter, approver), simulated.snapshot(LOTS, BIDS)
    client = Client()
    client.force_login(drafter)
    return Asked(client.cookies[settings.SESSION_COOKIE_NAME].value, snapshot.pk, version.pk)


class Browser:
    """What a browser does with the form and the page of a simulation."""

    def __init__(self, port: int, asked: Asked) -> None:
        self.asked, self.address = asked, f"http://{serve.HOST}:{port}"
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        jar.set_cookie(_cookie("sessionid", asked.session))

    def run(self, values: list[list[str]]) -> dict[str, float]:
        """Ask for every combination of the values of two amounts; seconds until the result page is here, by what."""
        form = self._read("/simulations/new/")[0]
        question = {
            "csrfmiddlewaretoken": _found(r'name="csrfmiddlewaretoken" value="([^"]+)"', form),
            "snapshot": str(self.asked.snapshot),
            "policy_version": str(self.asked.policy),
        }
        for number, (path, each) in enumerate(zip((EUROPEAN, GREEN), values, strict=True), start=1):
            question |= {f"parameter_{number}": path, f"values_{number}": ";".join(each)}
        begun = time.perf_counter()
        page, address = self._read("/simulations/new/", question)
        posted = time.perf_counter()
        while 'hx-trigger="every' in page:
            if time.perf_counter() - begun > PATIENCE:
                raise RuntimeError("The simulation does not end.")
            time.sleep(float(_found(r'hx-trigger="every (\d+)s"', page)))
            page = self._progress(_found(r'hx-get="([^"]+)"', page))
        ready = time.perf_counter()
        page = self._read(urllib.parse.urlsplit(address).path)[0]
        ended = time.perf_counter()
        if f"of {SCENARIOS}" not in page and f"{SCENARIOS:,}" not in page:
            raise RuntimeError("The page does not show the result of all scenarios.")
        return {"all": ended - begun, "asking": posted - begun, "work": ready - posted, "page": ended - ready}

    def _progress(self, path: str) -> str:
        """The part of the page that renews itself; empty once the page is to be read anew."""
        request = urllib.request.Request(self.address + path, headers={"HX-Request": "true"})
        with self._opener.open(request, timeout=60) as answer:
            text = answer.read().decode()
            return "" if answer.headers.get("HX-Refresh") else text

    def _read(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        data = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(self.address + path, data, timeout=60) as answer:
            return answer.read().decode(), answer.url


def _cookie(name: str, value: str) -> http.cookiejar.Cookie:
    return http.cookiejar.Cookie(
        0, name, value, None, False, serve.HOST, False, False, "/", True, False, None, True, None, None, {}
    )


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"The page has no {pattern}: {page[:500]}")
    return found[1]


def measure(browser: Browser, processes: list[int]) -> tuple[list[dict[str, float]], float]:
    """The rounds, once both workers have the archive ready; seconds of processors that the portal took in each."""
    for turn in range(2 * WORKERS):
        browser.run(question(-1 - turn))
    before = worked(processes)
    rounds = [browser.run(question(turn)) for turn in range(ROUNDS)]
    return rounds, (worked(processes) - before) / ROUNDS


def worked(processes: list[int]) -> float:
    """Seconds of processors that these processes and their children have taken so far."""
    ticks = 0
    for pid in processes:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (str(pid), *children):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def question(turn: int) -> list[list[str]]:
    """Forty amounts by twenty-five, other ones in each turn."""
    start = Fraction(turn + 10, 100)
    return [[str(float(start + Fraction(step, 4))) for step in range(count)] for count in (40, SCENARIOS // 40)]


def report(rounds: list[dict[str, float]], processors: float) -> int:
    """Print the table; 1 when the target is missed."""
    for part in ("asking", "work", "page", "all"):
        seconds = [each[part] for each in rounds]
        print(f"{part:<8} median {statistics.median(seconds):6.2f} s   worst {max(seconds):6.2f} s")
    print(f"Seconds of processors in a round, web server and workers together: {processors:.2f}")
    median = statistics.median(each["all"] for each in rounds)
    met = median <= ALLOWED
    print(f"From “run” to the result page: {median:.2f} s, at most {ALLOWED:g} s   {'' if met else 'MISSED'}")
    return 0 if met else 1


def forget(broker: str, prefix: str) -> None:
    """Take what the portal left in Redis."""
    import redis

    with redis.Redis.from_url(broker) as connection:
        keys: list[Any] = list(connection.scan_iter(f"{prefix}*"))
        if keys:
            connection.delete(*keys)


if __name__ == "__main__":
    sys.exit(main())
