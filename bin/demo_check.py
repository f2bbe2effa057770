"""Carries one procedure through the running portal, as its users would, over HTTP: `make demo CHECK=1`.

Starts web server and worker, has a panel judge to the lock of its marks, logs in as the demonstration buyer, scores an
opened lot, prints the ranking, awards it, estimates the hospital's cash-back in the worker, exports the decision, takes
its bundle of evidence and has it verified by `verify.py` alone, stops both. Exit code 0, or 1 with the step that did
not answer as it should.
"""

import argparse
import csv
import io
import os
import sys
import time
from pathlib import Path
from typing import Any

from bin import demo_panel, evidence, serve
from bin.demo_portal import Portal, Unexpected

JOB_SECONDS = 120.0


def score(portal: Portal) -> tuple[dict[str, Any], dict[str, Any]]:
    """Score opened lots until one can be awarded; the lot and its stored sheet."""
    for lot in portal.ask("GET", "lots/?stage=opened&training=false&page_size=100")["results"]:
        try:
            stored = portal.ask("POST", f"lots/{lot['id']}/score/")
        except Unexpected as refusal:  # a lot of the demonstration waits for its panel
            print(f"Passed over lot {lot['number']} of {lot['reference']}: {refusal}")
            continue
        sheet = stored["sheet"]
        blocked = any(finding["severity"] == "block" for finding in sheet["findings"])
        if sheet["winner"] and not sheet["tied"] and not blocked:
            return lot, stored
    raise Unexpected("No opened lot of the demonstration can be awarded.")


def print_ranking(lot: dict[str, Any], sheet: dict[str, Any]) -> None:
    """One line per ranked bid: rank, bidder, total."""
    print(f"Ranking of lot {lot['number']} of {lot['reference']}, {lot['title']}:")
    for row in sheet["sheet"]["ranking"]:
        print(f"  {row['rank']:>3}  {row['bid']:<40} {row['total']:>10}")


def award(portal: Portal, lot: dict[str, Any], sheet: dict[str, Any]) -> dict[str, Any]:
    """Award the lot to its winner; the decision."""
    reason = "The most economically advantageous bid under the published criteria."
    body = {"bid": sheet["sheet"]["winner"], "sheet": sheet["id"], "reason": reason}
    decision: dict[str, Any] = portal.ask("POST", f"lots/{lot['id']}/award/", body)
    return decision


def estimate_cashback(portal: Portal, lot: dict[str, Any]) -> dict[str, Any]:
    """Estimate the cash-back of a hospital of the lot under the proposed policy, in the worker; the ended job."""
    proposed = portal.ask("GET", "policy-versions/?status=proposed&policy__kind=preference")["results"]
    policy = next(version for version in proposed if version["document"].get("cashback"))
    hospital = lot["items"][0]["needs"][0]["hospital"]
    body = {"hospital": hospital, "year": time.localtime().tm_year, "policy_version": policy["id"]}
    job: dict[str, Any] = portal.ask("POST", "cashback-estimates/", body)["job"]
    deadline = time.monotonic() + JOB_SECONDS
    while job["state"] in {"queued", "running"} and time.monotonic() < deadline:
        time.sleep(0.5)
        job = portal.ask("GET", f"jobs/{job['id']}/")
    if job["state"] != "done":
        raise Unexpected(f"The cash-back job is {job['state']} after {job['done']} of {job['total']} steps.")
    return job


def export(portal: Portal, decision: dict[str, Any]) -> int:
    """Fetch the decision as CSV; the number of its rows."""
    rows = list(csv.reader(io.StringIO(portal.text("GET", f"decisions/{decision['id']}/export.csv"))))
    if len(rows) < 2:
        raise Unexpected("The export of the decision holds no row.")
    return len(rows)


def verify(portal: Portal, decision: dict[str, Any], key: str) -> str:
    """Take the bundle of the decision and have it verified, whole and with one byte altered; the verdict on the first.

    ``key`` is the fingerprint of the portal's key. Unexpected unless the one is verified and the other is not.
    """
    bundle = portal.content("POST", f"decisions/{decision['id']}/bundle/", {"kind": "full"})
    status, told = evidence.verify(bundle, key)
    if status:
        raise Unexpected(f"verify.py did not verify the bundle of the decision: {' '.join(told)}")
    status, seen = evidence.verify(evidence.altered(bundle), key)
    if not status:
        raise Unexpected(f"verify.py did not see that a byte of the bundle was altered: {' '.join(seen)}")
    print("With one byte of the decision altered, verify.py says:", *seen, sep="\n  ")
    return told[-1]


def carry_through(portal: Portal, key: str) -> None:
    """Every step in order; Unexpected at the first that does not answer as it should."""
    demo_panel.judge(portal)
    portal.log_in("buyer")
    lot, sheet = score(portal)
    print_ranking(lot, sheet)
    decision = award(portal, lot, sheet)
    print(f"Awarded: decision {decision['id']}")
    job = estimate_cashback(portal, lot)
    print(f"Cash-back estimated by the worker: job {job['id']}, {job['done']} of {job['total']} steps")
    print(f"Decision exported: {export(portal, decision)} rows")
    print(f"Bundle of evidence, in an empty folder: {verify(portal, decision, key)}")


def main() -> int:
    """Start the portal, carry one procedure through, stop it."""
    parser = argparse.ArgumentParser(prog="python -m bin.demo_check", description=__doc__)
    parser.add_argument("--port", type=int)
    try:
        port = serve.free_port(parser.parse_args().port)
    except serve.PortTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    commands = {"web server": serve.web_command(port), "worker": serve.worker_command()}
    with serve.stop_requests() as asked:
        children = serve.start(commands, dict(os.environ))
        try:
            if not serve.wait_until_it_answers(port, children):
                raise Unexpected("The portal did not start.")
            carry_through(Portal(port), evidence.fingerprint(Path(os.environ["BAREME_VAR"])))
            failed = False
        except (Unexpected, OSError, KeyError, ValueError, StopIteration) as problem:
            print(f"The check failed: {type(problem).__name__} {problem}", file=sys.stderr)
            failed = True
        stopped = serve.stop(children)
    print("The check failed." if failed or not stopped else "The check passed.")
    return 1 if failed or not stopped or asked else 0


if __name__ == "__main__":
    sys.exit(main())
