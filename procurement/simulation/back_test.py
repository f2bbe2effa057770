"""Past contracts replayed with a price preference for the bidders of the contract's own country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scoring.portfolio.snapshot import Snapshot
    from scoring.portfolio.sweep import Study
    from scoring.portfolio.winners import Certificate

HOME = "HOME"
MEASURE = "non-domestic"


def preference(amount: Decimal, countries: Sequence[str] = ()) -> dict[str, Any]:
    """A policy that raises the evaluated price of operators not originating in `countries` by `amount` (0.1 = 10 %).

    *Non-domestic* depends on the contract: over an archive its area HOME stands for the country of each contract.
    """
    return {
        "schema": "bareme-policy/1",
        "id": "non-domestic",
        "version": 1,
        "title": "Price preference for domestic operators",
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {HOME: list(countries)},
        "european_area": HOME,
        "indicators": [],
        "measures": [
            {
                "id": MEASURE,
                "kind": "add_to_price",
                "driver": "one",
                "amount": format(amount, "f"),
                "when": {"supplier_not_in": HOME},
                "reference": "simulation on the archive",
            }
        ],
        "bonus_cap": None,
        "cashback": None,
    }


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a preference of each size would have changed: `changed` has the keys of the contracts, in their order.

    `mixed` is the number of contracts with domestic and foreign bidders whose countries are all known: on the others
    nothing is tried. `winners` are the bids that won without a preference, by contract; None where several are equal.
    """

    lots: int
    reproduced: int
    mixed: int
    winners: Mapping[str, str | None]
    changed: Mapping[Decimal, tuple[str, ...]]
    certificate: Certificate

    @property
    def unverified(self) -> int:
        """How many winners the certificate does not account for: 0, or something is wrong."""
        known = self.certificate
        return self.lots * len(self.changed) - known.settled - known.kernel - known.redone


def back_test(snapshot: Snapshot, amounts: Sequence[Decimal]) -> BackTest:
    """Replay an archive under a preference of each of `amounts`."""
    from scoring.portfolio.scenario import Scenario  # columns: no page loads them
    from scoring.portfolio.sweep import Study

    study = Study(snapshot, preference(Decimal(0)), local_area=HOME)
    scenarios = [Scenario({f"measures.{MEASURE}.amount": format(amount, "f")}) for amount in amounts]
    keys = snapshot.lot("id").to_pylist()
    mixed = _mixed(snapshot)
    return BackTest(
        lots=study.baseline.lots,
        reproduced=study.baseline.reproduced,
        mixed=len(mixed),
        winners=_winners(study, keys),
        changed={
            amount: tuple(keys[lot] for lot in _changed(study, scenario) if lot in mixed)
            for amount, scenario in zip(amounts, scenarios, strict=True)
        },
        certificate=study.run(scenarios).certificate,
    )


def _mixed(snapshot: Snapshot) -> frozenset[int]:
    """The lots of a known country whose ranked bids come from known countries, the lot's own among others."""
    home = snapshot.lot("country").to_pylist()
    admissible = snapshot.bid("admissible").to_pylist()
    bidders = snapshot.bid("country").to_pylist()
    offsets = snapshot.offsets.tolist()
    found = set()
    for lot, country in enumerate(home):
        start, end = offsets[lot], offsets[lot + 1]
        countries = {bidders[bid] for bid in range(start, end) if admissible[bid]}
        if country and None not in countries and country in countries and len(countries) > 1:
            found.add(lot)
    return frozenset(found)


def _winners(study: Study, keys: list[str]) -> dict[str, str | None]:
    bids = study.snapshot.bid("id").to_pylist()
    return {key: None if winner < 0 else bids[winner] for key, winner in zip(keys, study.baseline.winners, strict=True)}


def _changed(study: Study, scenario: Any) -> list[int]:
    """The lots whose winner is another, in their order."""
    return (study.winners(scenario) != study.baseline.winners).nonzero()[0].tolist()
