"""A PDF as a proof document: whole, not encrypted, and without anything that acts when somebody opens it.

No PDF is laid out here. The names its objects are made of are looked for in the file itself and in every stream that
unpacks, spelled out or with letters as #xx; what cannot be looked into is refused.
The decision 0110 says what that misses.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.people.refusals import Invalid

END_WITHIN = 1024  # bytes before the end of the file, in which readers look for its mark
MOST_OF_ONE, MOST_OF_ALL = 8 * 1024**2, 256 * 1024**2  # bytes that streams are unpacked to
HEAD_WITHIN = 4096  # bytes before a stream, in which its dictionary stands
SCRIPT, ACTION = gettext_lazy("a script"), gettext_lazy("an action that opens a program or another file")
FILES, MEDIA = gettext_lazy("attached files"), gettext_lazy("embedded media")
FORM = gettext_lazy("a form that computes or sends data")
ACTING: dict[bytes, Promise] = {
    b"JavaScript": SCRIPT,
    b"Launch": ACTION,
    b"GoToE": ACTION,
    b"GoToR": ACTION,
    b"EmbeddedFile": FILES,
    b"EmbeddedFiles": FILES,
    b"RichMedia": MEDIA,
    b"Rendition": MEDIA,
    b"XFA": FORM,
    b"ImportData": FORM,
    b"SubmitForm": FORM,
}
ENCRYPTED, OBJECTS, ROOT = b"Encrypt", b"ObjStm", b"Catalog"
LOOKED_FOR = (*ACTING, ENCRYPTED, OBJECTS, ROOT)
# What ends a name: white space, a delimiter, the end of the file.
REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
SPELLED = re.compile(rb"/(" + b"|".join(LOOKED_FOR) + rb")(?!" + REGULAR + rb")")
ESCAPED = re.compile(rb"/(" + REGULAR + rb"*#[0-9A-Fa-f]{2}" + REGULAR + rb"*)")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
VERSION = re.compile(rb"%PDF-[12]\.[0-9]")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
FILTER = re.compile(rb"/(?:Filter|F)(?!" + REGULAR + rb")")
OTHER_FILTERS = re.compile(rb"/(?:CCITTFax|CCF|JBIG2|DCT|JPX|LZW|RunLength|ASCII85|A85|ASCIIHex|AHx)")


def check(content: bytes) -> None:
    """Raise Invalid, with one sentence, unless ``content`` is a plain PDF."""
    if not VERSION.match(content) or b"%%EOF" not in content[-END_WITHIN:] or b"startxref" not in content:
        raise _damaged()
    found = set(_names(content))
    if ENCRYPTED in found:
        raise Invalid(_("The PDF is protected by a password or by restricted rights: save it without protection."))
    for part in _unpacked(content):
        found |= set(_names(part))
    acting = next((words for name, words in ACTING.items() if name in found), None)
    if acting:
        raise Invalid(
            _("The PDF holds %(what)s, which no proof needs: print it to a plain PDF and send that.") % {"what": acting}
        )
    if ROOT not in found:
        raise _damaged()


def _names(part: bytes) -> Iterator[bytes]:
    """Which of the names looked for stand in ``part``, and every name that is written with an escape."""
    for match in SPELLED.finditer(part):
        yield match[1]
    for match in ESCAPED.finditer(part):
        yield ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), match[1])


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What the streams of the file unpack to, each up to a bound. Raises Invalid for what cannot be looked into."""
    packed_bytes = unpacked_bytes = 0
    for begin, end in _streams(content):
        head = content[max(0, begin - HEAD_WITHIN) : begin]
        head = head[head.rfind(b"obj") + 1 :]
        of_objects = OBJECTS in set(_names(head))
        if _is_packed(content[begin : begin + 2]):
            packed_bytes += end - begin
            part = _inflated(content[begin:end], head, of_objects)
            unpacked_bytes += len(part)
            if unpacked_bytes > MOST_OF_ALL or packed_bytes > 2 * len(content):  # streams that overlap are none
                raise Invalid(_("The PDF unpacks to far more than a document holds: it is not looked into."))
            yield part
        elif of_objects and FILTER.search(head):
            raise _opaque()


def _streams(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each stream begins and ends, in one pass over the file."""
    ends = [match.start() for match in re.finditer(rb"endstream", content)]
    for start in STREAM.finditer(content):
        place = bisect_left(ends, start.end())
        yield start.end(), ends[place] if place < len(ends) else len(content)


def _is_packed(first: bytes) -> bool:
    """Whether a stream that begins with these two bytes is a deflated one (RFC 1950)."""
    return len(first) == 2 and first[0] & 0x0F == 8 and int.from_bytes(first) % 31 == 0


def _inflated(packed: bytes, head: bytes, of_objects: bool) -> bytes:
    """The beginning of what a stream unpacks to; of objects, all of it."""
    unpacker = zlib.decompressobj()
    try:
        part = unpacker.decompress(packed, MOST_OF_ONE)
    except zlib.error as error:
        if OTHER_FILTERS.search(head) and not of_objects:
            return b""  # an image that happens to begin like it
        raise _damaged() from error
    if not unpacker.eof and (of_objects or len(part) < MOST_OF_ONE):
        raise _opaque()
    return part


def _damaged() -> Invalid:
    return Invalid(_("The PDF is damaged or cut off: send it again."))


def _opaque() -> Invalid:
    return Invalid(_("The PDF is packed in a way that cannot be looked into: print it to a plain PDF and send that."))
