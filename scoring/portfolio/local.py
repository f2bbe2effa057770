"""An area of a policy that stands for the contract's own country: its members change from lot to lot.

`local_area` names it everywhere, and is empty where there is none. The lot of a buyer whose country is not known has
the area with no country in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scoring.policy import Policy
from scoring.portfolio.problems import BadScenario
from scoring.problems import Phrase, gettext_noop


def at_home(policy: Policy, local_area: str, country: str | None) -> Policy:
    """The policy of a lot whose buyer is of that country."""
    if not local_area:
        return policy
    return replace(policy, areas={**policy.areas, local_area: frozenset({country} if country else ())})


def check_local_area(policy: Mapping[str, Any], local_area: str) -> None:
    """Raises BadScenario when the policy document has no such area; without a local area all is well."""
    if local_area and local_area not in policy["areas"]:
        known = ", ".join(policy["areas"]) or Phrase(gettext_noop("none"))
        raise BadScenario(
            gettext_noop("The policy has no area %(area)s to stand for the contract's country: it has %(known)s."),
            area=local_area,
            known=known,
        )
