"""The verifier as it is handed out: the bytes of `verify.py`, read once, and their SHA-256 as CHANGELOG.md has it."""

from hashlib import sha256
from pathlib import Path

NAME = "verify.py"
CONTENT = Path(__file__).with_name(NAME).read_bytes()
SHA256 = sha256(CONTENT).hexdigest()
