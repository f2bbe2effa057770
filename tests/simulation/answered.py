"""Questions that workers answered, and a scenario looked at: the work is done where the test runs."""

from typing import Any

from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.simulation import tasks
from procurement.simulation.models import ArchiveSnapshot, Box, Look, Sweep
from procurement.simulation.services import request_box, request_look, request_sweep
from tests.simulation.invented import EUROPEAN, GREEN, axis

RANGES = [{"path": EUROPEAN, "low": "0", "high": "10"}, {"path": GREEN, "low": "0", "high": "5"}]
AXES = [axis(EUROPEAN, "0", "5", "10"), axis(GREEN, "0", "5")]


def sweep(
    *, snapshot: ArchiveSnapshot, policy: PolicyVersion, by: User, axes: list[dict[str, Any]] = AXES, **options: Any
) -> Sweep:
    """A question with its answer; six scenarios, the last of them 10 points for Europe and 5 for the environment."""
    asked = request_sweep(snapshot=snapshot, policy_version=policy, axes=axes, by=by, **options)
    tasks.sweep(str(asked.job_id))
    return Sweep.objects.get(pk=asked.pk)


def look(sweep: Sweep, scenario: int, *, by: User) -> Look:
    """A scenario of it seen closely."""
    asked = request_look(sweep=sweep, scenario=scenario, by=by)
    tasks.look(str(asked.job_id))
    return Look.objects.select_related("sweep").get(pk=asked.pk)


def box(
    *, snapshot: ArchiveSnapshot, policy: PolicyVersion, by: User, samples: int = 100, seed: int = 1, **options: Any
) -> Box:
    """How often each bid wins while both bonuses lie anywhere in their ranges."""
    options = {"ranges": RANGES, **options}
    asked = request_box(snapshot=snapshot, policy_version=policy, samples=samples, seed=seed, by=by, **options)
    tasks.box(str(asked.job_id))
    return Box.objects.get(pk=asked.pk)
