"""The address of the form that puts a question again: the link that reproduces a simulation, or a sampled box."""

from math import prod
from urllib.parse import urlencode

from django.urls import reverse

from procurement.fields import plain
from procurement.simulation.models import Box, Sweep
from procurement.simulation.parameters import parameters
from procurement.simulation.ranges import movable


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


def of_box(box: Box) -> str:
    """The address of the form with the ranges, samples and seed of a box; numbers are plain decimals."""
    known = movable(box.policy_document)
    words: dict[str, object] = {"snapshot": box.snapshot_id, "policy_version": box.policy_version_id}
    for each in box.ranges:
        typed = known[each["path"]].typed
        words |= {f"{end}_{each['path']}": plain(typed(each[end])) for end in ("low", "high")}
    words |= {"samples": box.samples, "seed": box.seed}
    if box.local_area:
        words["local_area"] = box.local_area
    return f"{reverse('simulation:new_box')}?{urlencode(words)}"


def box_around(sweep: Sweep, lot: str) -> str:
    """The address of the form of a box over the values that a sweep tries, with a lot to look for in its answer.

    Empty where it tries none that changes a winner.
    """
    known = movable(sweep.policy_document)
    words: dict[str, object] = {"snapshot": sweep.snapshot_id, "policy_version": sweep.policy_version_id}
    for axis in sweep.axes:
        if parameter := known.get(axis["path"]):
            ends = (("low", axis["values"][0]), ("high", axis["values"][-1]))
            words |= {f"{end}_{parameter.path}": plain(parameter.typed(value)) for end, value in ends}
    if len(words) == len(("snapshot", "policy_version")):
        return ""
    words |= {"samples": 1_000, "seed": 1, "lot": lot}
    if sweep.local_area:
        words["local_area"] = sweep.local_area
    return f"{reverse('simulation:new_box')}?{urlencode(words)}"


def with_lot(address: str, lot: str) -> str:
    """The address of a box with its list narrowed to a lot, where one is looked for."""
    return f"{address}?{urlencode({'lot': lot})}" if lot else address
