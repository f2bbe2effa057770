"""PNG and JPEG as proof documents: whole, of bounded dimensions, with nothing behind their end."""

import struct
import zlib

from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid

MOST_POINTS = 100_000_000  # width × height; a page scanned at 600 dpi has 35 million
PNG_HEAD = 8  # bytes before the first chunk
NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})  # markers of JPEG that stand alone
# Markers that begin a frame and state its dimensions: all of C0 to CF but tables, arithmetic and extensions.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SCAN, END = 0xDA, 0xD9


def check_png(content: bytes) -> None:
    """Raise Invalid unless every chunk is whole, with its checksum, from the header to the end of the file."""
    at = PNG_HEAD
    seen: set[bytes] = set()
    while b"IEND" not in seen:
        if at + 12 > len(content):
            raise _damaged()
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise _damaged()
        if not seen:
            _check_png_header(kind, content[at + 8 : end - 4])
        seen.add(kind)
        at = end
    if b"IDAT" not in seen:
        raise _damaged()
    if at != len(content):
        raise _followed()


def _check_png_header(kind: bytes, header: bytes) -> None:
    if kind != b"IHDR" or len(header) != 13:
        raise _damaged()
    _check_dimensions(*struct.unpack_from(">II", header))


def check_jpeg(content: bytes) -> None:
    """Raise Invalid unless the markers lead from the beginning over one frame to a scan, and the file ends with it."""
    at, framed = 2, False
    while True:
        marker, payload, following = _segment(content, at)
        if marker in FRAMES:
            if len(payload) < 5:
                raise _damaged()
            height, width = struct.unpack_from(">HH", payload, 1)
            _check_dimensions(width, height)
            framed = True
        if marker == SCAN:
            break
        at = following
    if not framed:
        raise _damaged()
    if not content.rstrip(b"\0").endswith(bytes([0xFF, END])):  # some cameras fill up with zeros
        raise _followed() if bytes([0xFF, END]) in content[at:] else _damaged()


def _segment(content: bytes, at: int) -> tuple[int, bytes, int]:
    """The marker at a place of a JPEG, what it holds, and where the next one stands."""
    while content[at : at + 2] == b"\xff\xff":  # fill bytes
        at += 1
    if at + 2 > len(content) or content[at] != 0xFF or content[at + 1] in (0x00, END):
        raise _damaged()
    marker = content[at + 1]
    if marker in NO_LENGTH:
        return marker, b"", at + 2
    length = int.from_bytes(content[at + 2 : at + 4])
    if length < 2 or at + 2 + length > len(content):
        raise _damaged()
    return marker, content[at + 4 : at + 2 + length], at + 2 + length


def _check_dimensions(width: int, height: int) -> None:
    if not width or not height:
        raise _damaged()
    if width * height > MOST_POINTS:
        known = {"width": width, "height": height}
        raise Invalid(
            _("The image has %(width)d × %(height)d points, more than a page ever needs: send it smaller.") % known
        )


def _damaged() -> Invalid:
    return Invalid(_("The image is damaged or cut off: send it again, or as a PDF."))


def _followed() -> Invalid:
    return Invalid(_("Something stands behind the end of the image: save it anew, or send it as a PDF."))
