"""How fast the record grows and is checked, on PostgreSQL: `python -m bench.ledger`, results checked before they count.

Appends: writers in processes of their own, in turns of a second: one line of the record each time, or one row of a
small table under the same lock. Check: `verify` over a whole chain, against the same loop over lines in memory.
The database is made for it, beside the one that BENCH_DATABASE_URL or DATABASE_URL names, and dropped.
Exits 1 when a target is missed, 2 when there is no server to measure on.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench.scratch import scratch, server

TURN_SECONDS = 1.0
TURNS = 7
WRITERS = (1, 8)
APPEND_TARGET, CHECK_TARGET = 0.6, 0.5
CHECKED = {100_000: 7, 1_000_000: 3}  # lines of a chain: how many times it is checked, in turn with the loop
IN_MEMORY = 100_000  # lines hashed in memory: a million would not fit everywhere
MEMORY_TARGET = 1.2  # the peak over the longest chain, in peaks over the shortest


def main() -> int:
    """Measure appends, then checks; print the table."""
    where = server()
    if not where:
        return 2
    with scratch(where) as version:
        with psycopg.connect(os.environ["DATABASE_URL"]) as own:
            own.execute("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, said text NOT NULL)")
        print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {version}", flush=True)
        met = [appends(writers) for writers in WRITERS]
        met += checks()
    return 0 if all(met) else 1


def say(what: str, found: str, against: str, ratio: float, target: float, *, most: bool = False) -> bool:
    """Print a row of the table; whether it meets its target."""
    met = ratio <= target if most else ratio >= target
    sign = "at most" if most else "at least"
    print(
        f"{what:<34} {found:>16}   {against:<28} ratio {ratio:4.2f}   {sign} {target:.2f}   {'' if met else 'MISSED'}"
    )
    sys.stdout.flush()
    return met


# Appends -------------------------------------------------------------------------------------------------


def appends(writers: int) -> bool:
    """Lines and bare rows a second by so many writers, in turns."""
    context = multiprocessing.get_context("spawn")
    barrier, counts = context.Barrier(writers, timeout=60), context.Queue()
    processes = [context.Process(target=write_in_turns, args=(barrier, counts)) for _ in range(writers)]
    for process in processes:
        process.start()
    told = [counts.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    bare, lines = ([sum(turn) for turn in zip(*(kinds[kind] for kinds in told), strict=True)] for kind in (0, 1))
    _check_chain(at_least=sum(lines))
    ratio = statistics.median(line / row for row, line in list(zip(bare, lines, strict=True))[1:])  # the first warms up
    a_second = [statistics.median(turns[1:]) / TURN_SECONDS for turns in (bare, lines)]
    who = f"{writers} writer{'s' if writers > 1 else ''}"
    return say(f"appends, {who}", f"{a_second[1]:,.0f}/s", f"bare rows {a_second[0]:,.0f}/s", ratio, APPEND_TARGET)


def write_in_turns(barrier: Any, counts: Any) -> None:
    """One writer: how many bare rows, and how many lines, it committed in each turn."""
    import django

    django.setup()
    done: tuple[list[int], list[int]] = ([], [])
    for _turn in range(TURNS + 1):
        for kind, write in enumerate((_one_bare_row, _one_line)):
            barrier.wait()
            count, end = 0, time.perf_counter() + TURN_SECONDS
            while time.perf_counter() < end:
                write()
                count += 1
            done[kind].append(count)
    counts.put(done)


def _one_bare_row() -> None:
    from django.db import connection, transaction

    from procurement.ledger.services import LOCK

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute("INSERT INTO bench_bare (said) VALUES ('one bare row')")


def _one_line() -> None:
    from django.db import transaction

    from procurement.ledger import services

    with transaction.atomic():
        services.record("lot.scored", "tenders.Lot:12", by=None, before="b" * 64, after="a" * 64)


def _check_chain(*, at_least: int) -> None:
    """What parallel writers left must be one chain of every line they committed."""
    found = _child("check")
    assert found["sound"], "the writers broke the chain"
    assert found["lines"] >= at_least, "lines were lost"


# Checks --------------------------------------------------------------------------------------------------


def checks() -> list[bool]:
    """The time and the memory of the whole check, at each size."""
    met, peaks = [], {}
    for size, times in CHECKED.items():
        _child("fill", str(size))
        peaks[size] = _child("check")["peak"]
        turns = _child("turns", str(times))["turns"]
        here, memory = (statistics.median(turn[kind] for turn in turns) for kind in ("check", "loop"))
        ratio = statistics.median(turn["loop"] / turn["check"] for turn in turns)
        against = f"in memory {1 / memory:,.0f}/s"
        met.append(say(f"check of {size:,} lines", f"{1 / here:,.0f} lines/s", against, ratio, CHECK_TARGET))
    least, most = min(peaks), max(peaks)
    found, against = f"{peaks[most]:.0f} MB", f"of {least:,} lines {peaks[least]:.0f} MB"
    return [*met, say(f"memory, {most:,} lines", found, against, peaks[most] / peaks[least], MEMORY_TARGET, most=True)]


def _child(*task: str) -> dict[str, Any]:
    """What a process of its own measured, so that its memory is that of the task alone."""
    answer = subprocess.run([sys.executable, "-m", "bench.ledger", *task], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def check() -> dict[str, Any]:
    """The whole record of the database, anchors inside and outside included."""
    from django.conf import settings

    from procurement.ledger.anchors import fingerprint
    from procurement.ledger.claims import Trust
    from procurement.ledger.outside import copy_at
    from procurement.ledger.verification import verify

    report = verify(copy=copy_at(settings.ANCHORS), trust=Trust(frozenset({fingerprint()})))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"lines": report.lines, "sound": report.sound, "peak": peak}


def turns(times: int) -> dict[str, Any]:
    """Seconds a line of the check and of the loop over lines in memory, one after the other so many times.

    The loop: the hash of each line, the chain, and the hashes of the tree.
    """
    from procurement.ledger.chain import rows
    from procurement.ledger.claims import Claims
    from procurement.ledger.verification import Walk, silent

    size, lines, taken = check()["lines"], list(rows(upto=IN_MEMORY)), []
    for _turn in range(times):
        walk = Walk(Claims(), iter(()))
        start = time.perf_counter()
        walk.follow(lines, silent)
        middle = time.perf_counter()
        found = check()
        end = time.perf_counter()
        assert not walk.faults(), "the loop is wrong"
        assert found["sound"], "the check is wrong"
        assert found["lines"] == size, "the check is wrong"
        taken.append({"loop": (middle - start) / len(lines), "check": (end - middle) / size})
    return {"turns": taken}


def fill(size: int) -> dict[str, Any]:
    """A chain of exactly so many lines, anchored, in place of what was there."""
    from django.db import connection

    from procurement.ledger.anchors import anchor
    from procurement.ledger.chain import Row, hash_of
    from procurement.ledger.models import FIRST
    from procurement.ledger.services import SYSTEM

    with connection.cursor() as cursor:
        for table in ("ledger_line", "ledger_anchor", "ledger_block"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {table}")
        previous = FIRST
        with cursor.copy(f"COPY ledger_line ({', '.join(Row._fields)}) FROM STDIN") as copy:
            for sequence in range(1, size + 1):
                row = Row(
                    sequence=sequence,
                    at=f"2026-01-01T12:00:00.{sequence % 1_000_000:06d}+00:00",
                    actor=f"user:{sequence % 90}",
                    role=SYSTEM,
                    action="lot.scored",
                    object=f"tenders.Lot:{sequence}",
                    before="b" * 64,
                    after="a" * 64,
                    reason="c" * 64,
                    previous=previous,
                    hash="",
                )
                previous = hash_of(row)
                copy.write_row(row._replace(hash=previous))
        cursor.execute("ANALYZE ledger_line")
    Path(os.environ["BAREME_ANCHORS"]).unlink(missing_ok=True)
    made = anchor()
    assert made is not None
    assert made.size == size
    return {}


def child(task: str, *arguments: str) -> None:
    """A task of `_child`: prints what it found."""
    import django

    django.setup()
    tasks: dict[str, Callable[..., dict[str, Any]]] = {"check": check, "turns": turns, "fill": fill}
    print(json.dumps(tasks[task](*map(int, arguments))))


if __name__ == "__main__":
    sys.exit(child(*sys.argv[1:]) if sys.argv[1:] else main())
