"""One changed lot scored again by the engine under the baseline and under the scenario, from its row in the archive."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from procurement.simulation.models import Look
from procurement.simulation.snapshot_files import opened
from scoring.evaluate import evaluate_case
from scoring.outcome import Outcome
from scoring.policy import Policy
from scoring.policy_reading import read_policy

if TYPE_CHECKING:
    from scoring.case import Case


@dataclass(frozen=True, slots=True)
class Explained:
    """A lot's row in the archive, its case under both policies (None: no policy) and what each makes of it."""

    row: dict[str, Any]
    case: "Case"
    recorded: Policy | None
    policy: Policy
    before: Outcome
    after: Outcome


def explained(look: Look, number: int) -> Explained:
    """The lot of that number in the archive. Raises Refused when the file of the archive is not on this machine."""
    from scoring.portfolio.rows import case_of
    from scoring.portfolio.scenario import Scenario

    sweep = look.sweep
    assert look.result is not None
    snapshot = opened(sweep.snapshot)
    (row,) = snapshot.rows(number)
    recorded = None if row["policy"] is None else read_policy(json.loads(row["policy"]))
    policy = Scenario(look.result["scenario"]["changes"]).policy(sweep.policy_document)
    case = case_of(snapshot, number, policy, local_area=sweep.local_area)
    before, _contest = evaluate_case(case_of(snapshot, number, recorded))
    after, _contest = evaluate_case(case)
    return Explained(row, case, recorded, policy, before, after)
