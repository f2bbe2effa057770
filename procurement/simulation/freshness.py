"""Whether a simulation still says what it would say now: archive, policy and code, looked at when it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from procurement.cashback.rules import combined
from procurement.policies.models import PolicyVersion
from procurement.simulation.bindings import code_sha256, is_there
from procurement.simulation.models import Box, Sweep
from scoring.canonical import sha256


@dataclass(frozen=True, slots=True)
class Freshness:
    """What changed since a simulation was asked for."""

    data_changed: bool
    policy_changed: bool
    code_changed: bool

    @property
    def stale(self) -> bool:
        return self.data_changed or self.policy_changed or self.code_changed


def freshness(sweeps: Sequence[Sweep | Box]) -> dict[UUID, Freshness]:
    """The freshness of each sweep, by id; one query, however many there are, when they come with what they point to.

    The data have changed when the file of the archive is gone or another; the policy, when its version was retired or
    rewritten or a newer one is approved, or so of its scheme.
    """
    latest = _latest_approved(sweeps)
    return {
        each.pk: Freshness(
            data_changed=not is_there(each.snapshot.path, each.snapshot.sha256),
            policy_changed=_policy_changed(each, latest),
            code_changed=each.code_sha256 != code_sha256(),
        )
        for each in sweeps
    }


def _versions(sweep: Sweep | Box) -> list[PolicyVersion]:
    return [version for version in (sweep.policy_version, sweep.scheme_version) if version is not None]


def _latest_approved(sweeps: Iterable[Sweep | Box]) -> dict[int, int]:
    """The number of the latest approved version by policy id."""
    policies = {version.policy_id for each in sweeps for version in _versions(each)}
    approved = PolicyVersion.objects.approved().filter(policy__in=policies).order_by("version")
    return dict(approved.values_list("policy_id", "version"))


def _policy_changed(sweep: Sweep | Box, latest: dict[int, int]) -> bool:
    for version in _versions(sweep):
        if version.state == PolicyVersion.State.RETIRED or latest.get(version.policy_id, 0) > version.version:
            return True
    return sha256(combined(sweep.policy_version, sweep.scheme_version)) != sweep.policy_sha256
