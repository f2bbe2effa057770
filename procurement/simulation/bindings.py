"""What a simulation is bound to, as hashes: the code that answers it, files, and documents as the database has them."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import scoring
from procurement.fields import DocumentField


@cache
def code_sha256() -> str:
    """The SHA-256 over every file of `scoring`, in hex, as they were when this process began (`apps.py`)."""
    folder = Path(scoring.__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def document_sha256(document: Any) -> str:
    """The SHA-256 of a result as `DocumentField` keeps it, in hex.

    Not the one of canonical JSON, which has no whole numbers beyond 2^53: sums of cents of some currencies are larger.
    """
    text = DocumentField().get_prep_value(document)
    return hashlib.sha256((text or "").encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_there(path: Path, sha256: str) -> bool:
    """Whether a file is on this machine and has this hash; it is read again once it was touched."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return False
    return _read(path, known.st_ino, known.st_size, known.st_mtime_ns) == sha256


@lru_cache(maxsize=64)
def _read(path: Path, _file: int, _size: int, _changed_at: int) -> str:
    return file_sha256(path)
