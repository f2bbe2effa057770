"""What an archive's figures mean, in sentences: every page, drawing and file of a simulation repeats them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.simulation.parameters import parameters
from scoring.policy_reading import read_policy

STATIC = gettext_lazy("Static: bids are taken as unchanged, whatever the policy.")
ORIGIN: Mapping[str, Promise] = {
    "goods": gettext_lazy("Origin is that of the goods."),
    "bidders": gettext_lazy("Origin is the nationality of the bidders, not that of the goods."),
    "unknown": gettext_lazy("The origin of goods and bidders is unknown."),
}
MARKS: Mapping[str, Promise] = {
    "real": gettext_lazy("Marks are real."),
    "simulated": gettext_lazy("Marks are simulated."),
    "none": gettext_lazy("There are no marks: bids compete on price alone."),
}
WEIGHTS: Mapping[str, Promise] = {
    "real": gettext_lazy("Weights are real."),
    "simulated": gettext_lazy("Weights are simulated."),
}


def meanings(provenance: Mapping[str, str]) -> list[str]:
    """What origin, marks and weights of an archive are, and that bids are taken as unchanged."""
    known = (ORIGIN[provenance["origin_of"]], MARKS[provenance["marks"]], WEIGHTS[provenance["weights"]], STATIC)
    return [str(sentence) for sentence in known]


def strip(provenance: Mapping[str, str]) -> str:
    """The sentence beside *Proposal: simulation only* on every page of a simulation."""
    return " ".join(meanings(provenance))


def unread(provenance: Mapping[str, str], document: Mapping[str, Any]) -> str:
    """Which amounts of a policy go by the origin of goods that an archive does not know; empty where there are none."""
    if provenance["origin_of"] == "goods":
        return ""
    known = parameters(document)
    paths = [
        f"measures.{each.id}.amount" for each in read_policy(document).measures if each.driver and each.driver.is_origin
    ]
    names = ", ".join(known[path].name for path in paths if path in known)
    sentence = _(
        "The archive does not say where goods come from. These values find a share of 0 in every bid: %(names)s."
    )
    return sentence % {"names": names} if names else ""


def source(provenance: Mapping[str, Any]) -> str:
    """Where an archive comes from, with its licence; what Barème itself wrote there, in the reader's language."""
    known = {name: _(provenance[name]) if provenance[name] else "" for name in ("title", "source", "licence")}
    return _("%(title)s. Source: %(source)s. Licence: %(licence)s.") % known
