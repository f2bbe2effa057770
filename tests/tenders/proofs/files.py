"""Small documents as scanners and programs make them, and the same with one thing wrong."""

import struct
import zlib
from typing import Any

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def pdf(*more: bytes, catalogue: bytes = CATALOGUE, trailer: bytes = b"") -> bytes:
    """A PDF of one empty page, with ``more`` objects and entries of its trailer."""
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate([catalogue, PAGES, PAGE, *more], start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, len(made))
    return made + head + table + end


def stream(content: bytes, entries: bytes = b"/Filter /FlateDecode", *, packed: bytes | None = None) -> bytes:
    """An object that is a stream; deflated unless ``packed`` says what stands in the file."""
    inside = zlib.compress(content) if packed is None else packed
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(inside), entries, inside)


def objects(content: bytes, entries: bytes = b"/Filter /FlateDecode", **given: Any) -> bytes:
    """A stream of objects, in which modern programs put most of a PDF."""
    return stream(b"7 0 " + content, b"/Type /ObjStm /N 1 /First 4 " + entries, **given)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int = 2, height: int = 2, *, body: bytes | None = None) -> bytes:
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * 2 for _row in range(2)))
    inside = chunk(b"IDAT", rows) if body is None else body
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + inside + chunk(b"IEND", b"")


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(width: int = 2, height: int = 2, *, scan: bytes = b"\x12\x34") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    parts = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + segment(0xC0, frame)
    return b"\xff\xd8" + parts + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + scan + b"\xff\xd9"
