"""The scenarios of a question: every combination of the values of its axes, and what makes a question unfit."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Any

from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid
from procurement.problems import said
from procurement.simulation.parameters import Parameter, parameters
from scoring.numbers import decimal, is_decimal
from scoring.policy_reading import read_policy
from scoring.portfolio.scenario import Scenario
from scoring.problems import InvalidDocument

MOST_AXES = 4
MOST_SCENARIOS = 1_000

Axis = Mapping[str, Any]  # {"path": "measures.european_points.amount", "values": ["3", "5", "10"]}
Document = Mapping[str, Any]


def scenarios_of(axes: Sequence[Axis]) -> list[Scenario]:
    """The product of the values, the last axis fastest."""
    paths = [axis["path"] for axis in axes]
    return [Scenario(dict(zip(paths, values, strict=True))) for values in product(*(axis["values"] for axis in axes))]


def require_fit(axes: Sequence[Axis], policy: Document) -> list[Scenario]:
    """The scenarios of a question to a policy. Raises Invalid with what is wrong, where, and what would be right."""
    if not 1 <= len(axes) <= MOST_AXES or len({axis["path"] for axis in axes}) < len(axes):
        raise unfit(_("Vary from 1 to %(most)s different amounts.") % {"most": MOST_AXES}, "/axes")
    known = parameters(policy)
    for place, axis in enumerate(axes):
        _require_known(axis["path"], known, f"/axes/{place}/path")
        _require_rising(axis, f"/axes/{place}/values")
    count = prod(len(axis["values"]) for axis in axes)
    if count > MOST_SCENARIOS:
        raise unfit(
            _("The values make %(count)s scenarios, and one simulation has at most %(most)s: take fewer values.")
            % {"count": count, "most": MOST_SCENARIOS},
            "/axes",
        )
    found = scenarios_of(axes)
    for scenario in found:
        require_policy(scenario, policy, "/axes")
    return found


def varied_path(axes: Sequence[Axis]) -> str:
    """The path of the only axis that has several values; empty when there is none, or more than one."""
    varied = [axis["path"] for axis in axes if len(axis["values"]) > 1]
    return varied[0] if len(varied) == 1 else ""


def _require_rising(axis: Axis, pointer: str) -> None:
    values = axis["values"]
    if not values:
        raise unfit(_("Write at least one value of %(path)s.") % {"path": axis["path"]}, pointer)
    for before, after in pairwise(values):
        numbers = isinstance(before, str) and isinstance(after, str) and is_decimal(before) and is_decimal(after)
        if decimal(before) >= decimal(after) if numbers else before == after:
            raise unfit(
                _("The values of %(path)s go from %(before)s to %(after)s: write them from the lowest to the highest.")
                % {"path": axis["path"], "before": before, "after": after},
                pointer,
            )


def _require_known(path: str, known: Mapping[str, Parameter], pointer: str) -> None:
    if path not in known:
        raise unfit(
            _("%(path)s is not what a simulation of this policy varies: choose one of %(known)s.")
            % {"path": path, "known": ", ".join(known)},
            pointer,
        )


def require_policy(scenario: Scenario, policy: Document, pointer: str) -> None:
    """Raises Invalid, about the part of the question at `pointer`, when a scenario makes no policy of this one."""
    try:
        read_policy(scenario.document(policy))
    except InvalidDocument as invalid:
        problem = invalid.problems[0]
        raise unfit(
            _("%(values)s makes no policy (%(place)s): %(problem)s")
            % {
                "values": ", ".join(f"{path} = {value}" for path, value in scenario.changes.items()),
                "place": problem.pointer,
                "problem": said(problem),
            },
            pointer,
        ) from invalid


def unfit(sentence: str, pointer: str) -> Invalid:
    """A refusal that says which part of the question it is about."""
    return Invalid(sentence, [{"pointer": pointer, "message": sentence}])
