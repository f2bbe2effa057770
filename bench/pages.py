"""How long every page and list takes at 200 lots of 20 bids, on PostgreSQL: `python -m bench.pages`.

Every address that the table of permissions lets a role open is asked for through Django's test client, with every
middleware and DEBUG off, for each kind of row it can show: first each answer is checked and its queries are counted,
then all of them are timed in turns. Prints, for each address, its slowest row: median and worst time on the clock,
the median time of the processor (without that of the database), queries, kilobytes. Exits 1 when a median on the clock
is over `ALLOWED`, or over `ALLOWED_FILE` or `ALLOWED_WORKBOOK` where a file is handed out, 2 when there is no server to
measure on.
"""

from __future__ import annotations

import gc
import logging
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.scratch import scratch, server
from bin import serve

ROUNDS = 5
ALLOWED = 0.300  # seconds
ALLOWED_FILE = 1.0  # of a file to download, which grows with its lines
ALLOWED_WORKBOOK = 2.5  # of a workbook, written cell by cell: the 24,000 lines of a box take most of it
LOGGED_OUT = {"people:login"}  # whoever is logged in is sent on
READERS = {
    "buyer": "buyer",
    "officer": "policy",
    "auditor": "auditor",
    "evaluator": "member1",
    "administrator": "admin",
}


@dataclass
class Page:
    """An address as one person opens it, with what was found."""

    name: str
    reader: str
    address: str
    queries: int
    size: int
    allowed: float
    seconds: list[float] = field(default_factory=list)  # on the clock
    worked: list[float] = field(default_factory=list)  # of them those of this processor, the database's apart

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def main(wanted: str = "") -> int:
    """Build the hospital, check the pages, time them; ``wanted``: a part of the names of those to measure."""
    where = server()
    if not where:
        return 2
    with scratch(where) as version:
        os.environ["NUMBA_CACHE_DIR"] = str(serve.ROOT / "var" / "kernels")
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], check=True)
        import django

        django.setup()
        from django.db import connection

        from bench.hospital import build

        build()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {version}", flush=True)
        return report(measure(wanted))


def measure(wanted: str) -> list[Page]:
    """Every page that is there, timed in turns."""
    from django.contrib.auth import get_user_model
    from django.core.cache import cache

    logging.getLogger("django.request").setLevel(logging.ERROR)  # some rows have no page at an address: no news
    readers = {kind: get_user_model().objects.get(username=name) for kind, name in READERS.items()}
    clients = {kind: _client(reader) for kind, reader in readers.items()}
    pages = list(_checked(readers, clients, wanted))
    gc.collect()
    gc.freeze()  # as the server does (config/wsgi.py): no page pays for what building the hospital left behind
    for _round in range(ROUNDS):
        cache.clear()  # nobody asks this often: the counters of requests begin anew
        gc.collect()
        for page in pages:
            start, working = time.perf_counter(), time.process_time()
            clients[page.reader].get(page.address, secure=True)
            page.seconds.append(time.perf_counter() - start)
            page.worked.append(time.process_time() - working)
    return pages


def report(pages: list[Page]) -> int:
    """Print the slowest row of each address, the slowest address first; 1 when one takes longer than allowed."""
    slowest: dict[str, Page] = {}
    for page in sorted(pages, key=lambda page: page.median):
        slowest[page.name] = page
    print(f"{len(pages)} pages at {len(slowest)} addresses; the slowest of each:")
    print(f"{'address':<28}{'reader':<15}{'median ms':>10}{'worst ms':>10}{'processor':>10}{'queries':>9}{'kB':>8}")
    late = [page for page in pages if page.median > page.allowed]
    for page in sorted(slowest.values(), key=lambda page: -page.median):
        missed = "  MISSED" if page in late else ""
        print(
            f"{page.name:<28}{page.reader:<15}{page.median * 1000:>10.0f}{max(page.seconds) * 1000:>10.0f}"
            f"{statistics.median(page.worked) * 1000:>10.0f}{page.queries:>9}{page.size / 1000:>8.0f}{missed}"
        )
    print(
        f"{len(late)} of {len(pages)} over {ALLOWED * 1000:.0f} ms, files over {ALLOWED_FILE * 1000:.0f} ms, "
        f"workbooks over {ALLOWED_WORKBOOK * 1000:.0f} ms."
    )
    return 1 if late else 0


def _checked(readers: dict[str, Any], clients: dict[str, Any], wanted: str) -> Iterator[Page]:
    """The pages that are there, each with its queries and its size. Every address has one, for some row and reader."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.rows import addresses

    there, asked = set(), set()
    for name, kind, address in addresses(readers):
        if wanted not in name:
            continue
        cache.clear()
        asked.add(name)
        with CaptureQueriesContext(connection) as queries:
            answer = clients[kind].get(address, secure=True)
        assert answer.status_code in (200, 302, 404, 409), f"{kind}: {address} answers {answer.status_code}"
        if answer.status_code == 200:
            there.add(name)
            yield Page(name, kind, address, len(queries), len(answer.getvalue()), _allowed(answer, address))
    assert asked - there <= LOGGED_OUT, f"no page of {asked - there}"


def _allowed(answer: Any, address: str) -> float:
    """Seconds for an answer."""
    if "Content-Disposition" not in answer.headers:
        return ALLOWED
    return ALLOWED_WORKBOOK if address.endswith(".xlsx") else ALLOWED_FILE


def _client(reader: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    return client


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
