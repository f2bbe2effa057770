"""The address of the form that puts a question again: the link that reproduces a simulation."""

from math import prod
from urllib.parse import urlencode

from django.urls import reverse

from procurement.fields import plain
from procurement.simulation.models import Sweep
from procurement.simulation.parameters import parameters


def address(sweep: Sweep) -> str:
    """Everything the question says, in the address of its form; numbers are plain decimals, read in every language."""
    known = parameters(sweep.policy_document)
    asked = {"snapshot": sweep.snapshot_id, "policy_version": sweep.policy_version_id}
    if sweep.scheme_version_id:
        asked["scheme_version"] = sweep.scheme_version_id
    words: dict[str, object] = dict(asked)
    for number, axis in enumerate(sweep.axes, start=1):
        parameter = known[axis["path"]]
        words[f"parameter_{number}"] = axis["path"]
        words[f"values_{number}"] = ";".join(plain(parameter.typed(value)) for value in axis["values"])
    words |= {name: value for name in ("local_area", "carbon") if (value := getattr(sweep, name))}
    return f"{reverse('simulation:new_sweep')}?{urlencode(words)}"


def scenarios(sweep: Sweep) -> int:
    """How many scenarios a question makes."""
    return prod(len(axis["values"]) for axis in sweep.axes)
