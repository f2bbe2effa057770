"""`python -m scoring`: see `scoring.cli`."""

import io
import sys

from scoring.cli import main

for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")

sys.exit(main())
