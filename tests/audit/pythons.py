"""The other Pythons of this machine: an auditor's is not the portal's."""

import glob
import os
import shutil
import subprocess

import pytest

OTHERS = ["3.9", "3.13"]
"""The oldest and the newest the verifier promises to run under."""


def interpreter(version: str) -> str:
    """A Python of this version that starts; the test is skipped where there is none."""
    installed = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python")))
    for candidate in [shutil.which(f"python{version}"), *installed]:
        if candidate and subprocess.run([candidate, "--version"], capture_output=True).returncode == 0:
            return candidate
    pytest.skip(f"no Python {version} on this machine")
