"""A question that workers answered, and one of its scenarios looked at: the work is done where the test runs."""

from typing import Any

from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.simulation import tasks
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep
from procurement.simulation.services import request_look, request_sweep
from tests.simulation.invented import EUROPEAN, GREEN, axis

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
