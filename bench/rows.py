"""Which rows of the hospital stand for the nouns of the table of permissions: each kind that is shown differently."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.urls import reverse

from bench.examined import MOST
from bench.hospital import DECIDED, ITEMS, JUDGED, LOTS, SCORED
from procurement.audit.models import Export
from procurement.cashback.models import Estimate
from procurement.evaluation.models import Decision, Panel, ScoreSheet
from procurement.jobs.models import Job
from procurement.ledger.models import Line
from procurement.people.models import Hospital, Token, User
from procurement.policies.models import PolicyVersion
from procurement.simulation.exports.files import FORMATS
from procurement.simulation.models import ArchiveCase, Box, Look, Sweep
from procurement.simulation.worker_files import ChangedLots
from procurement.tenders.models import Lot, ReferenceGrid, Tender
from procurement.tenders.schedules import waiting
from tests.people.test_permissions import rows
from tests.tenders.filled import filled

FILLED_IN: dict[str, Any] = {
    "Tenderer!B5": "Laboratoires Exemple",
    "Tenderer!B7": "FR",
    "Tenderer!B8": "fr",
    **{f"Prices!F{row}": 10.5 for row in range(5, 5 + ITEMS)},
}
# The last of each kind that has a policy (odd numbers).
NUMBERS = {"decided": DECIDED - 1, "scored": SCORED - 1, "judged": JUDGED - 1, "marked": LOTS - 1}


def addresses(readers: dict[str, User]) -> Iterator[tuple[str, str, str]]:
    """The name of each address, a reader who may open it, and the address, for every row that stands for its nouns.

    What the hospital has no row of is said, so that it is given one.
    """
    known = numbers(readers)
    for name, nouns, method, cells in rows():
        if method != "GET":
            continue
        if missing := {noun for noun in nouns.split(",") if noun != "-"} - set(known):
            print(f"{name} is not measured: bench/rows.py has no row for {', '.join(sorted(missing))}.")
            continue
        for kind in readers:
            if cells[kind] == "+":
                asked = [] if nouns == "-" else nouns.split(",")
                for values in product(*(known[noun] for noun in asked)):
                    yield name, kind, reverse(name, args=values)


def numbers(readers: dict[str, User]) -> dict[str, list[Any]]:
    """The rows by noun."""
    draft, opened, published = (Tender.objects.get(reference=f"BENCH-{number}") for number in (1, 2, 3))
    lots = {kind: opened.lots.get(number=number) for kind, number in NUMBERS.items()}
    decided, judged, marked = lots["decided"], lots["judged"], lots["marked"]
    bid = decided.bids.get(key=MOST)  # the addresses of an examined bid share its key
    examined = Lot.objects.get(tender__reference="BENCH-4")
    examined_bid = examined.bids.get(key=MOST)
    version = PolicyVersion.objects.get(policy__identifier="rules-in-force-2026", version=1)
    buyer = readers["buyer"]
    return {
        "tender": [draft.pk, opened.pk, published.pk],
        "lot": [draft.lots.get(number=1).pk, *(lot.pk for lot in lots.values())],
        "decided": [decided.pk],
        "judged": [judged.pk],
        "panel": [Panel.objects.get(lot=judged).pk],
        "other_panel": [],
        "bid": [bid.pk],
        "bid_key": [bid.key],
        "proof": [examined_bid.proofs.latest("pk").pk],
        "examined": [examined.pk],
        "examined_bid": [examined_bid.pk],
        "request": [examined_bid.regularisations.latest("pk").pk],
        "price_request": [examined_bid.price_requests.latest("pk").pk],
        "version_number": [1],
        "version_upload": [waiting.put(filled(examined, FILLED_IN), examined, buyer)],
        "supplier": [bid.supplier_id],
        "sheet": [ScoreSheet.objects.get(lot=decided).pk],
        "sheet_number": [1],
        "decision": [Decision.objects.get(lot=decided).pk],
        "policy": [version.policy_id],
        "identifier": [version.policy.identifier],
        "version": list(PolicyVersion.objects.values_list("pk", flat=True)),
        "estimate": [Estimate.objects.latest("pk").pk],
        "job": [Job.objects.filter(requested_by=buyer).latest("created_at").pk],
        "export": [Export.objects.filter(requested_by=buyer).exclude(file="").latest("pk").pk],
        "token": [Token.objects.filter(user=buyer).latest("pk").pk],
        **_simulated(),
        "case": [ArchiveCase.objects.latest("pk").pk],
        "grid": [ReferenceGrid.objects.latest("pk").pk],
        "template": ["cleaning"],
        "code": ["price-only"],
        "parameter": ["origin.equal_treatment"],
        "line": [Line.objects.filter(action="lot.awarded").latest("pk").sequence],
        "language": ["fr"],
        "person": [buyer.pk],
        "hospital": [Hospital.objects.latest("pk").pk],
        "upload": [waiting.put(filled(marked, FILLED_IN), marked, buyer)],
    }


def _simulated() -> dict[str, list[Any]]:
    """The two large simulations, each with the scenario that was looked at and a lot that it changes, and the box."""
    curve, table = Sweep.objects.exclude(result=None).order_by("-requested_at")[:2]
    looks = Look.objects.select_related("sweep__snapshot").filter(sweep__in=(curve, table))
    return {
        "snapshot": [table.snapshot_id],
        "sweep": [curve.pk, table.pk],
        "curve": [curve.pk],
        "box": [Box.objects.latest("requested_at").pk],
        "scenario": [look.scenario for look in looks],
        "changed": [ChangedLots(look)[0]["number"] for look in looks],
        "extension": list(FORMATS),
    }
