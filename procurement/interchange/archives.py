"""The foreign archives that can be imported: one line per source, in the order they are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from procurement.interchange.tsuchiura import archive as tsuchiura
from procurement.interchange.worldbank import archive as worldbank
from procurement.simulation.reading import ArchiveReading


@dataclass(frozen=True, slots=True)
class Archive:
    """What reads a source, and the files it takes, each by the name of its option."""

    read: Callable[..., ArchiveReading]
    files: tuple[str, ...]


ARCHIVES = {
    worldbank.SOURCE: Archive(worldbank.read, ("bids", "contracts")),
    tsuchiura.SOURCE: Archive(tsuchiura.read, ("bids",)),
}
