"""The copy of the anchors outside the database: a file that grows by lines, or an address that takes and gives them.

An address takes one line by POST and gives all of them by GET.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.utils.translation import gettext as _

from procurement.ledger.kept import Kept, NoAnchor, read

SECONDS = 10  # to wait for an answer
LONGEST = 100_000  # bytes of a line that are read: an anchor with a time stamp has about 6,000
FAULTS = (OSError, HTTPException)
ABSENT = {404, 410}  # what an address answers that was given no line yet


class Unreachable(Exception):
    """The copy cannot be read or written; its text is one sentence."""


class Missing(Unreachable):
    """Nothing is there."""


class Copy(ABC):
    """The copy at one place. What cannot be read or written raises Unreachable."""

    def __init__(self, place: str) -> None:
        self.place = place

    def anchors(self) -> Iterator[tuple[int, Kept | None]]:
        """Every line with its number, from 1; None for a line that is no anchor."""
        for number, line in enumerate(self._lines(), start=1):
            try:
                yield number, read(line.rstrip(b"\r\n"))
            except NoAnchor:
                yield number, None

    def last(self) -> Kept | None:
        """The last anchor; None where none was written yet."""
        number, last = 0, None
        try:
            for number, last in self.anchors():  # noqa: B007 – the last of them is wanted
                pass
        except Missing:
            return None
        if number and last is None:
            raise Unreachable(
                _("The last line of %(place)s, line %(line)s, is no anchor: it was changed, or written by half.")
                % {"place": self.place, "line": number}
            )
        return last

    def append(self, anchor: Kept) -> None:
        """Write one more anchor: on return it is on the disk, or the address has taken it."""
        try:
            self._write(anchor.line())
        except FAULTS as error:
            raise Unreachable(
                _("The anchor cannot be written to %(place)s: %(problem)s.")
                % {"place": self.place, "problem": _problem(error)}
            ) from error

    def _lines(self) -> Iterator[bytes]:
        try:
            with self._open() as lines:
                while line := lines.readline(LONGEST):
                    yield line
        except FAULTS as error:
            absent = isinstance(error, FileNotFoundError) or (isinstance(error, HTTPError) and error.code in ABSENT)
            raise (Missing if absent else Unreachable)(
                _("The anchors at %(place)s cannot be read: %(problem)s.")
                % {"place": self.place, "problem": _problem(error)}
            ) from error

    @abstractmethod
    def _open(self) -> IO[bytes]:
        """The lines, to be read."""

    @abstractmethod
    def _write(self, line: bytes) -> None:
        """Keep one more line, whole or not at all."""


class FileCopy(Copy):
    """A file."""

    def _open(self) -> IO[bytes]:
        return open(self.place, "rb")

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self.place, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line
            try:
                written = os.write(descriptor, line)
                os.fsync(descriptor)
                if written < len(line):
                    raise OSError(_("the disk is full"))
            except OSError:
                os.ftruncate(descriptor, size)  # half a line would be taken for a changed one
                raise
        finally:
            os.close(descriptor)


class AddressCopy(Copy):
    """An http or https address."""

    def _open(self) -> IO[bytes]:
        answer: IO[bytes] = _direct.open(Request(self.place), timeout=SECONDS)  # noqa: S310 – `copy_at` looked
        return answer

    def _write(self, line: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        request = Request(self.place, data=line, headers=headers)  # noqa: S310 – `copy_at` looked
        _direct.open(request, timeout=SECONDS).close()


def copy_at(place: str) -> Copy:
    """The copy at a path or at an http or https address. Raises Unreachable for another kind of address."""
    if place.startswith(("http://", "https://")):
        return AddressCopy(place)
    if "://" in place:
        raise Unreachable(_("%(place)s is neither a file nor an http or https address.") % {"place": place})
    return FileCopy(place)


class _NoRedirection(HTTPRedirectHandler):
    """A redirected POST becomes a GET: the line would be lost and look taken."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_direct = build_opener(_NoRedirection)


def _problem(error: Exception) -> str:
    """What went wrong, in the words of the system or of the server."""
    if isinstance(error, HTTPError):
        return f"{error.code} {error.reason}"
    return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error or type(error).__name__)
