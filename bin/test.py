"""Runs every test, on SQLite with the embedded broker, then again on the servers DATABASE_URL and REDIS_URL
name.

Arguments go to pytest (`make test ARGS="-k ranking"`). A server that merely runs on the machine is never
used.
"""

import os
import shutil
import subprocess
import sys
import time

from bin import packages

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SERVERS = ("DATABASE_URL", "REDIS_URL")
NO_TEST_RAN = 5


def chromium() -> str | None:
    """The Chromium the browser tests drive: the one BAREME_CHROMIUM names, or the one of the system."""
    return os.environ.get("BAREME_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def runs(environment: dict[str, str]) -> dict[str, dict[str, str]]:
    """The environments to test in, by title; the second only where the caller named a server."""
    embedded = {name: value for name, value in environment.items() if name not in SERVERS}
    named = [name for name in SERVERS if environment.get(name)]
    found = {"SQLite and the embedded broker": embedded}
    if named:
        found["the servers of " + " and ".join(named)] = environment
    return found


def main(arguments: list[str]) -> int:
    """Install what is missing, run pytest once for each environment; the first exit code that is not 0."""
    packages.install(packages.TEST)
    subprocess.run([str(packages.PYTHON), "-m", "bin.messages", "--compile"], cwd=packages.ROOT, check=True)
    environment = dict(os.environ) | {"BAREME_VAR": str(packages.ROOT / "var" / "test")}
    browser = chromium()
    if browser:
        environment["BAREME_CHROMIUM"] = browser
    else:
        print("No Chromium was found: the browser tests are skipped (on Debian: apt install chromium).")
    if not os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is not set: the tests do not run on PostgreSQL.")
    if not os.environ.get("REDIS_URL"):
        print("REDIS_URL is not set: the tests do not run with Redis.")
    codes = [_pytest(title, variables, arguments) for title, variables in runs(environment).items()]
    return next((code for code in codes if code), 0)


def _pytest(title: str, environment: dict[str, str], arguments: list[str]) -> int:
    print(f"\nTests on {title}", flush=True)
    started = time.monotonic()
    command = [str(packages.PYTHON), "-m", "pytest", "-n", "2", "-rs", *arguments]
    code = subprocess.run(command, cwd=packages.ROOT, env=environment, check=False).returncode
    print(f"Tests on {title}: {time.monotonic() - started:.0f} s", flush=True)
    if code == NO_TEST_RAN:
        print("No test ran: the selection matches none.", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
