"""Contenders timed in turns, and what is said of them: times are of the processor, ratios round by round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 5


def say(what: str, found: str, ratio: float, target: float, *, most: bool = False) -> bool:
    """Print a row of the table; whether it meets its target."""
    met = ratio <= target if most else ratio >= target
    sign = "at most" if most else "at least"
    print(f"{what:<48} {found:<44} {ratio:8.2f}   {sign} {target:g}   {'' if met else 'MISSED'}", flush=True)
    return met


def in_turns(*contenders: Callable[[], Any], rounds: int = ROUNDS) -> list[list[float]]:
    """Seconds of the processor of each contender in each round, one after the other; a first round warms up."""
    taken: list[list[float]] = [[] for _ in contenders]
    for turn in range(rounds + 1):
        for which, contender in enumerate(contenders):
            start = time.process_time()
            contender()
            if turn:
                taken[which].append(time.process_time() - start)
    return taken


def ratio(one: list[float], other: list[float]) -> float:
    """The median of one ÷ other, round by round."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))
