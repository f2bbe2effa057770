"""One changed lot scored again by the engine under the baseline and under the scenario, from its row in the archive."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from procurement.people.refusals import Refused
from procurement.simulation.models import ArchiveSnapshot, Look
from scoring.evaluate import evaluate_case
from scoring.outcome import Outcome
from scoring.policy import Policy
from scoring.policy_reading import read_policy

if TYPE_CHECKING:
    from scoring.case import Case
    from scoring.portfolio.snapshot import Snapshot


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
    snapshot = _opened(sweep.snapshot)
    (row,) = snapshot.rows(number)
    recorded = None if row["policy"] is None else read_policy(json.loads(row["policy"]))
    policy = Scenario(look.result["scenario"]["changes"]).policy(sweep.policy_document)
    case = case_of(snapshot, number, policy, local_area=sweep.local_area)
    before, _contest = evaluate_case(case_of(snapshot, number, recorded))
    after, _contest = evaluate_case(case)
    return Explained(row, case, recorded, policy, before, after)


def archived_row(snapshot: ArchiveSnapshot, number: int) -> dict[str, Any]:
    """The lot of that number in an archive, as its file has it. Raises Refused when the file is not on this machine."""
    (row,) = _opened(snapshot).rows(number)
    return row


def _opened(known: ArchiveSnapshot) -> "Snapshot":
    from scoring.portfolio.problems import BadSnapshot
    from scoring.portfolio.snapshot import Snapshot

    try:
        return Snapshot.read(known.path, sha256=known.sha256)
    except BadSnapshot as problem:
        raise Refused(
            _("The archive %(name)s is not on this machine, or it is another file: its lots cannot be explained here.")
            % {"name": known.path.name}
        ) from problem
