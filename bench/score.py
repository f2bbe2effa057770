"""How long a score sheet takes: `python -m bench.score`, on one core, results checked before anything is timed.

Prints the median processor time of each, the time allowed and their ratio; exits 1 when one takes longer than allowed.
Processor time is what one core works for it, whatever else the machine is doing.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import Any

from bench.cases import case, policy
from scoring import evaluate
from scoring.formulas import FORMULAS

ROUNDS = 7
FULL, PLAIN = 0.300, 0.005  # seconds allowed


def main() -> int:
    """Times every price formula at 50 × 20 with a full policy, and 20 × 10 plain."""
    timed = [
        (
            f"50 bids × 20 criteria, every explanation, {key}",
            FULL,
            case(bids=50, criteria=20, policy=policy(), formula=key),
        )
        for key, formula in FORMULAS.items()
        if formula.on == "price"
    ]
    timed.append(("20 bids × 10 criteria, plain", PLAIN, case(bids=20, criteria=10, policy=None)))
    late = 0
    for name, allowed, document in timed:
        _check(document, evaluate(document))
        median = _median(document)
        late += median > allowed
        print(f"{name:<64} {median * 1000:8.2f} ms   allowed {allowed * 1000:5.0f} ms   ratio {median / allowed:5.2f}")
    return 1 if late else 0


def _check(document: dict[str, Any], sheet: dict[str, Any]) -> None:
    """A sheet that is not whole is not worth timing."""
    ranked, bids = sheet["ranking"], document["bids"]
    assert len(ranked) + len(sheet["excluded"]) == len(bids)
    assert all(len(row["criteria"]) == len(document["criteria"]) for row in ranked)
    assert [row["rank"] for row in ranked] == sorted(row["rank"] for row in ranked)
    assert len(sheet["comparisons"]) == len(ranked) - 1
    if document["policy"] is not None:
        assert all(row["rank_if_european"] and row["rank_if_not"] for row in ranked)
    assert sheet == evaluate({**document, "bids": bids}), "two evaluations differ"


def _median(document: dict[str, Any]) -> float:
    """Seconds of one evaluation, the median of several."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        evaluate(document)
        times.append(time.process_time() - start)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
