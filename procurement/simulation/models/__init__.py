"""Past contracts, the snapshots made of them, and what simulations of a policy found on those."""

from procurement.simulation.models.archive import ArchiveCase, ArchiveImport, ImportedRow
from procurement.simulation.models.boxes import Box
from procurement.simulation.models.snapshots import ArchiveSnapshot
from procurement.simulation.models.sweeps import Look, Sweep

__all__ = ["ArchiveCase", "ArchiveImport", "ArchiveSnapshot", "Box", "ImportedRow", "Look", "Sweep"]
