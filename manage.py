#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:  # 2: nothing was looked at, which a nightly check tells from a fault
        print(problem, file=sys.stderr)
        sys.exit(2)
    except OperationalError as problem:
        if "database is locked" not in str(problem):  # as SQLite says it
            raise
        sys.exit("Another process has been writing to the database for a while: try again once it has ended.")


if __name__ == "__main__":
    main()
