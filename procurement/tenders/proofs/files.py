"""Where the files of proof documents lie: outside the web root, each under its SHA-256, read by the portal alone.

A file is written before the row that names it, and never taken away: one that no row names does no harm.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from procurement.people.refusals import Refused

FOLDER: Path = settings.DOCUMENTS


def digest(content: bytes) -> str:
    """The SHA-256 of a file, under which it is kept."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes) -> str:
    """Lay a file down whole, on the disk before this returns; its SHA-256."""
    name = digest(content)
    if not (FOLDER / name).exists():
        FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=FOLDER, prefix="unfinished-")  # readable by its owner alone
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).rename(FOLDER / name)
    return name


def read(name: str) -> bytes:
    """The file of this SHA-256. Raises Refused when it is not there, or is not what was laid down."""
    try:
        content = (FOLDER / name).read_bytes()
    except FileNotFoundError as missing:
        raise Refused(
            _("The file of this document is not where the portal keeps documents: restore it from the backup.")
        ) from missing
    if digest(content) != name:
        raise Refused(
            _("The file of this document was changed on the disk and is not handed out: restore it from the backup.")
        )
    return content
