"""What an auditor does at home with a bundle, done for `make demo CHECK=1`: `verify.py` alone in an empty folder."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VERIFIER = Path(__file__).resolve().parents[1] / "procurement" / "audit" / "verify.py"
REASON = b'"reason":"'
SECONDS = 120


def fingerprint(var: Path) -> str:
    """That of the key in ``var``, as the hospital would publish it: it does not come from the bundle."""
    seed = os.environ.get("BAREME_ANCHOR_KEY") or (var / "anchor_key").read_text(encoding="ascii").strip()
    return sha256(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).public_key().public_bytes_raw()).hexdigest()


def verify(bundle: bytes, key: str) -> tuple[int, list[str]]:
    """The exit status of `verify.py` and the lines it says, run by a process of its own that sees nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(VERIFIER, folder)
        Path(folder, "bundle.zip").write_bytes(bundle)
        told = subprocess.run(
            [sys.executable, "-I", VERIFIER.name, "bundle.zip", "--key", key],
            cwd=folder,
            env={},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    return told.returncode, (told.stdout or told.stderr).splitlines()


def altered(bundle: bytes) -> bytes:
    """The bundle with one byte of the decision's reason changed, and packed again as if nothing had happened."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as whole, zipfile.ZipFile(changed, "w") as archive:
        for entry in whole.infolist():
            content = bytearray(whole.read(entry))
            if entry.filename.endswith("/decision.json"):
                content[content.index(REASON) + len(REASON)] ^= 1
            archive.writestr(entry, bytes(content))
    return changed.getvalue()
