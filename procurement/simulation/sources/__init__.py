"""What snapshots of past lots can be made of: one line per source, in the order they are offered."""

from typing import Protocol

from procurement.simulation.sources.archived import TSUCHIURA, WORLDBANK
from procurement.simulation.sources.closed_lots import ClosedLots
from procurement.simulation.sources.content import Content


class Source(Protocol):
    """What the lots of a snapshot come from."""

    @property
    def source(self) -> str: ...

    def any(self) -> bool: ...

    def content(self) -> Content: ...


ARCHIVED = {archive.source: archive for archive in (WORLDBANK, TSUCHIURA)}
SOURCES: dict[str, Source] = {**ARCHIVED, ClosedLots.source: ClosedLots()}
