"""Pins both sets of packages with the hashes of the public index: one lock for Python 3.11 to 3.13."""

import os
import subprocess
import sys

from bin import packages

LOCKS = (packages.DEMO, packages.TEST)


def main() -> int:
    """Compile both locks, the constraining set first; 1 when one could not be resolved."""
    # A machine's own mirror or wheel folder would write its own hashes into the lock.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    for lock in LOCKS:
        command = [
            str(packages.PYTHON), "-m", "uv", "--quiet", "pip", "compile",
            lock.with_suffix(".in").name, "--output-file", lock.name,
            "--no-config", "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-emit-index-url", "--no-header", *sys.argv[1:],
        ]  # fmt: skip
        if subprocess.run(command, cwd=packages.ROOT, env=environment, check=False).returncode:
            return 1
        pins = sum("==" in line for line in lock.read_text().splitlines())
        print(f"{lock.name}: {pins} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
