"""Every write of the archive and of its simulations."""

from procurement.simulation.services.archive import Kept, keep_archive
from procurement.simulation.services.boxes import box, cancel_box, request_box
from procurement.simulation.services.snapshots import (
    keep_snapshot,
    make_snapshot,
    request_snapshot,
)
from procurement.simulation.services.sweeps import cancel_sweep, look, request_look, request_sweep, sweep

__all__ = [
    "Kept",
    "box",
    "cancel_box",
    "cancel_sweep",
    "keep_archive",
    "keep_snapshot",
    "look",
    "make_snapshot",
    "request_box",
    "request_look",
    "request_snapshot",
    "request_sweep",
    "sweep",
]
