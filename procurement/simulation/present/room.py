"""By how much winners could raise their prices, and what of it the policy gives them: the rent."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.simulation.present.result import units


@dataclass(frozen=True, slots=True)
class Room:
    """Of the lots with a winner, how many have one whose price has no end, and the rents of the others by currency.

    Currencies whose rents come to 0 are left out.
    """

    lots: int
    unbounded: int
    rents: list[tuple[str, Decimal]]


def room(document: dict[str, Any]) -> Room:
    """The room of a look, rents in units of their currency."""
    known = document["room"]
    rents = [(each["currency"], units(each["rent"])) for each in known["rent"]]
    return Room(known["lots"], known["unbounded"], [each for each in rents if each[1]])
