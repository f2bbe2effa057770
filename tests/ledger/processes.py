"""Several processes that write one record at once: SQLite in memory belongs to one process, so they get a copy."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests.repository.files import ROOT


def written_by(processes: int, program: str, checker: str, folder: Path, **settings: str) -> list[str]:
    """What ``checker`` prints, word by word, once so many ``processes`` of ``program`` wrote a copy of the database.

    ``folder`` holds the copy; ``settings`` are environment variables of all of them.
    """
    database = folder / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(database)])
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BAREME_VAR": str(folder),
        **settings,
    }
    writers = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment) for _ in range(processes)]
    assert [writer.wait() for writer in writers] == [0] * processes
    checked = subprocess.run([sys.executable, "-c", checker], cwd=ROOT, env=environment, capture_output=True, text=True)
    return checked.stdout.split()
