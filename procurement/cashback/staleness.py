"""Whether an estimate still says what it would say now: its data and its rules, hashed again when it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procurement.cashback import rules
from procurement.cashback.awards import awards_of, digest
from procurement.cashback.models import Estimate
from procurement.policies.models import PolicyVersion
from scoring.canonical import sha256


@dataclass(frozen=True, slots=True)
class Freshness:
    """What changed since an estimate was computed."""

    data_changed: bool
    rules_changed: bool

    @property
    def stale(self) -> bool:
        return self.data_changed or self.rules_changed


def freshness(estimates: Sequence[Estimate]) -> dict[int, Freshness]:
    """The freshness of each finished estimate, by id; three queries, however many there are.

    The rules have changed when a newer version of the policy or of the scheme is approved, or none is any more.
    """
    finished = [each for each in estimates if each.finished_at]
    awards = awards_of({(each.hospital_id, each.year) for each in finished}) if finished else {}
    data = {year: digest(found) for year, found in awards.items()}
    latest = _latest(finished)
    return {
        each.pk: Freshness(
            data_changed=data[each.hospital_id, each.year] != each.data_sha256,
            rules_changed=_rules_now(each, latest) != each.rules_sha256,
        )
        for each in finished
    }


def _latest(estimates: Iterable[Estimate]) -> dict[int, PolicyVersion]:
    """The latest approved version by policy id."""
    versions = [v for each in estimates for v in (each.policy_version, each.scheme_version) if v]
    approved = PolicyVersion.objects.approved().filter(policy__in={version.policy_id for version in versions})
    return {version.policy_id: version for version in approved.order_by("version")}


def _rules_now(estimate: Estimate, latest: dict[int, PolicyVersion]) -> str:
    policy = latest.get(estimate.policy_version.policy_id)
    scheme = latest.get(estimate.scheme_version.policy_id) if estimate.scheme_version else None
    if policy is None or (estimate.scheme_version and scheme is None):
        return ""
    return sha256(rules.combined(policy, scheme))
