"""Archives that a worker keeps ready: what the sweeps of one archive and one policy share is prepared once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from procurement.people.refusals import Refused
from procurement.simulation.models import ArchiveSnapshot, Box, Sweep

if TYPE_CHECKING:
    from scoring.portfolio.sweep import Study

KEPT = 2  # studies; each holds columns as large as its archive
WAIT_SECONDS = 0.5  # for somebody who makes a study ready, between two looks at whether it is still wanted

Key = tuple[str, ...]


@dataclass
class _Place:
    """Room for one study; whoever comes first prepares it, the others wait."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    study: Study | None = None

    @contextmanager
    def held(self, heed: Callable[[], None]) -> Iterator[None]:
        """One at a time; `heed` is called while others have it."""
        while not self.lock.acquire(timeout=WAIT_SECONDS):
            heed()
        try:
            yield
        finally:
            self.lock.release()


_places: OrderedDict[Key, _Place] = OrderedDict()
_choosing = threading.Lock()


def study_of(sweep: Sweep | Box, *, heed: Callable[[], None]) -> Study:
    """The archive and the policy of a question, ready for scenarios.

    `heed` is called while it is made ready or waited for, and may end that by raising: whoever comes next begins again.
    Raises Refused when the file of the archive is not on this machine or is another one, BadScenario for an option that
    the policy lacks.
    """
    place = _place((sweep.snapshot.sha256, sweep.policy_sha256, sweep.local_area, sweep.carbon))
    with place.held(heed):
        if place.study is None:
            place.study = _prepared(sweep, heed)
        return place.study


def _place(key: Key) -> _Place:
    """The place of a study; the one that was asked for longest ago makes room before a new one is prepared."""
    with _choosing:
        place = _places.setdefault(key, _Place())
        _places.move_to_end(key)
        while len(_places) > KEPT:
            _places.popitem(last=False)
        return place


def _prepared(sweep: Sweep | Box, heed: Callable[[], None]) -> Study:
    from scoring.portfolio.problems import BadSnapshot  # compiled kernels: workers alone load them
    from scoring.portfolio.snapshot import Snapshot
    from scoring.portfolio.sweep import Study

    require_file(sweep.snapshot)
    try:
        snapshot = Snapshot.read(sweep.snapshot.path, sha256=sweep.snapshot.sha256)
    except BadSnapshot as bad:
        raise Refused(
            _("The file of the archive “%(title)s” is not what it was: put the one back whose SHA-256 is %(sha256)s.")
            % {"title": sweep.snapshot, "sha256": sweep.snapshot.sha256}
        ) from bad
    return Study(snapshot, sweep.policy_document, carbon=sweep.carbon, local_area=sweep.local_area, heed=heed)


def require_file(snapshot: ArchiveSnapshot) -> None:
    """Raise Refused unless this machine has the file of a snapshot, whatever is in it."""
    if not snapshot.path.is_file():
        raise Refused(
            _("The file of the archive “%(title)s” is not on this machine: copy %(file)s to %(folder)s.")
            % {"title": snapshot, "file": snapshot.path.name, "folder": snapshot.path.parent}
        )
