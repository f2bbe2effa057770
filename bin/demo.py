"""`make demo`: the portal with demonstration data on a machine that has nothing but Python and make.

Checks the prerequisites, installs the locked packages into `.venv`, makes the database and the demonstration data
under `var/`, starts web server and worker, and stops both on Ctrl-C. With `--check` it works in `var/check`, made
anew, carries one procedure through the running server (`bin/demo_check.py`), and ends with 0 or 1.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from bin import packages, serve

ROOT = packages.ROOT
STEPS = (
    ("Preparing the database", ["migrate", "--verbosity", "0"]),
    ("Collecting style sheets and scripts", ["collectstatic", "--no-input", "--verbosity", "0"]),
    ("Compiling the kernels of the archive, about a minute the first time", ["warm_kernels"]),
    ("Loading the demonstration data", ["load_demonstration"]),
)


def environment(var: Path, *, check: bool) -> dict[str, str]:
    """The settings of a demonstration: everything under `var`, plain HTTP on this machine alone."""
    variables = dict(os.environ)
    if check:  # a trial must not depend on, or write to, a server that happens to be configured
        variables.pop("DATABASE_URL", None)
        variables.pop("REDIS_URL", None)
        variables.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "kernels"))  # what was compiled is no data
    return variables | {"BAREME_VAR": str(var), "HTTPS": "0", "DEBUG": "0", "PYTHONUNBUFFERED": "1"}


def prepare(var: Path, variables: dict[str, str]) -> int:
    """Secrets, texts, database, static files, data; 0, or the exit code of the step that failed."""
    var.mkdir(parents=True, exist_ok=True)
    write_once(var / "secret_key", secrets.token_urlsafe(64))  # signs sessions and forms
    write_once(var / "anchor_key", secrets.token_hex(32))  # signs the anchors of the record
    print("Compiling the translations", flush=True)
    subprocess.run([packages.PYTHON, "-m", "bin.messages", "--compile"], cwd=ROOT, env=variables, check=True)
    for title, command in STEPS:
        print(title, flush=True)
        code = subprocess.run([packages.PYTHON, "manage.py", *command], cwd=ROOT, env=variables, check=False).returncode
        if code:
            print(f"{title} failed: the lines above say why.", file=sys.stderr)
            return code
    return 0


def write_once(path: Path, secret: str) -> None:
    """Keep a secret of this machine unless it has one, readable by its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret)


def refuse_a_port_that_is_taken(port: int) -> None:
    """End with one sentence where the port that was asked for is in use."""
    try:
        serve.free_port(port)
    except serve.PortTaken as taken:
        sys.exit(str(taken))


def main() -> NoReturn:
    """Read the options and do all of it; ends with the exit code of what failed, or of the portal."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="carry one procedure through and stop")
    parser.add_argument("--port", type=int, help=f"default: the first free one from {serve.FIRST_PORT} on")
    options = parser.parse_args()
    if options.port:
        refuse_a_port_that_is_taken(options.port)  # minutes before it is opened
    packages.install(packages.DEMO)
    var = ROOT / "var" / "check" if options.check else Path(os.environ.get("BAREME_VAR", ROOT / "var"))
    if options.check:
        shutil.rmtree(var, ignore_errors=True)
    variables = environment(var, check=options.check)
    if code := prepare(var, variables):
        sys.exit(code)
    program = "bin.demo_check" if options.check else "bin.serve"
    port = ["--port", str(options.port)] if options.port else []
    # It takes the place of this process, so that Ctrl-C and its exit code are its own.
    os.chdir(ROOT)
    os.execve(packages.PYTHON, [str(packages.PYTHON), "-m", program, *port], variables)  # noqa: S606 – no shell


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped before the portal was ready; run it again to go on.")
