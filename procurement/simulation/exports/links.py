"""Where the files of a simulation are, by their kind: on its pages, and over the API for whoever comes with a token."""

from typing import Literal

from django.urls import reverse

from procurement.simulation.exports.files import FORMATS
from procurement.simulation.models import Box, Look, Sweep

Links = dict[str, str]  # address by extension
Door = Literal["page", "api"]
NAMES: dict[Door, dict[str, str]] = {
    "page": {
        "scenarios": "simulation:sweep_file",
        "switches": "simulation:switches_file",
        "lots": "simulation:look_file",
        "box": "simulation:box_file",
    },
    "api": {
        "scenarios": "simulation-file",
        "switches": "simulation-switches-file",
        "lots": "simulation-look-file",
        "box": "simulation-box-file",
    },
}


def of_scenarios(sweep: Sweep, door: Door = "page") -> Links:
    """The files of all scenarios of a finished simulation."""
    return _links(NAMES[door]["scenarios"], sweep.pk)


def of_switches(sweep: Sweep, door: Door = "page") -> Links:
    """The files of a step curve, lot by lot; none where there is no curve."""
    return _links(NAMES[door]["switches"], sweep.pk) if sweep.curve_file_sha256 else {}


def of_lots(look: Look, door: Door = "page") -> Links:
    """The files of the lots that a scenario changes."""
    return _links(NAMES[door]["lots"], look.sweep_id, look.scenario)


def of_box(box: Box, door: Door = "page") -> Links:
    """The files of the lots of a finished box, with who wins their samples."""
    return _links(NAMES[door]["box"], box.pk)


def _links(name: str, *row: object) -> Links:
    return {extension: reverse(name, args=[*row, extension]) for extension in FORMATS}


def look(sweep: Sweep, scenario: int) -> str:
    """Where the API answers what one scenario does lot by lot."""
    return reverse("simulation-look", args=[sweep.pk, scenario])
