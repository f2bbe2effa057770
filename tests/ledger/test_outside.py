"""The copy of the anchors outside: a file, or an address."""

import errno
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from procurement.ledger.anchors import NotAnchored, anchor, fingerprint
from procurement.ledger.claims import Trust
from procurement.ledger.kept import Kept, NoAnchor, read
from procurement.ledger.models import Anchor
from procurement.ledger.outside import AddressCopy, FileCopy, Missing, Unreachable, copy_at
from procurement.ledger.verification import verify
from tests.ledger.chains import write

KEPT = Kept(
    {"schema": "bareme-anchor/1", "chain": "a" * 64, "size": 3, "head": "b" * 64, "root": "c" * 64, "at": "now"},
    "d" * 128,
    "e" * 64,
    "",
)


class Keeper(BaseHTTPRequestHandler):
    """Keeps what is posted, gives it back, and answers otherwise when it is told to."""

    kept: bytes
    answers: int | None

    def do_GET(self) -> None:
        self._answer(self.server.answers or (200 if self.server.kept else 404), self.server.kept)

    def do_POST(self) -> None:
        line = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers or 201
        if status == 201:
            self.server.kept += line
        self._answer(status, b"")

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_said: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def keeper() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Keeper)
    server.kept, server.answers = b"", None
    server.address = f"http://127.0.0.1:{server.server_port}/anchors"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_grows_by_one_line_for_each_anchor(tmp_path: Path) -> None:
    copy = FileCopy(str(tmp_path / "anchors.jsonl"))
    assert copy.last() is None
    other = KEPT._replace(document=KEPT.document | {"size": 4})
    copy.append(KEPT)
    copy.append(other)
    assert list(copy.anchors()) == [(1, KEPT), (2, other)]
    assert copy.last() == other


def test_a_file_whose_last_line_feed_was_lost_keeps_its_lines_apart(tmp_path: Path) -> None:
    place = tmp_path / "anchors.jsonl"
    place.write_bytes(KEPT.line().rstrip())
    FileCopy(str(place)).append(KEPT)
    assert place.read_bytes() == KEPT.line() * 2


def test_half_a_line_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "anchors.jsonl"
    FileCopy(str(place)).append(KEPT)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unreachable, match="No space left on device"):
        FileCopy(str(place)).append(KEPT)
    assert place.read_bytes() == KEPT.line()


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"cannot be read: No such file or directory\.$"):
        list(FileCopy(str(tmp_path / "none")).anchors())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[]",
        b'{"document":{},"key":"","signature":"","timestamp":""}',
        KEPT._replace(signature="d" * 127).line(),
        KEPT._replace(key="E" * 64).line(),
        KEPT._replace(document=KEPT.document | {"size": 0}).line(),
        KEPT._replace(document=KEPT.document | {"size": "3"}).line(),
        KEPT._replace(document=KEPT.document | {"more": "x"}).line(),
        KEPT._replace(document=KEPT.document | {"at": 3}).line(),
    ],
)
def test_what_has_not_the_form_of_an_anchor_is_none(line: bytes) -> None:
    with pytest.raises(NoAnchor):
        read(line)


def test_an_address_takes_and_gives_lines(keeper: Any) -> None:
    copy = copy_at(keeper.address)
    assert isinstance(copy, AddressCopy)
    assert copy.last() is None
    copy.append(KEPT)
    assert keeper.kept == KEPT.line()
    assert list(copy.anchors()) == [(1, KEPT)]


@pytest.mark.parametrize("status", [302, 403, 500])
def test_an_address_that_does_not_take_a_line_is_told(keeper: Any, status: int) -> None:
    keeper.answers = status
    with pytest.raises(Unreachable, match=rf"cannot be written to http://127.*: {status} "):
        copy_at(keeper.address).append(KEPT)
    with pytest.raises(Unreachable, match=rf"cannot be read: {status} "):
        copy_at(keeper.address).last()


def test_nobody_at_an_address_is_told(keeper: Any) -> None:
    address = keeper.address.replace(str(keeper.server_port), "9")
    with pytest.raises(Unreachable, match="Connection refused"):
        copy_at(address).append(KEPT)


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(Unreachable, match="neither a file nor an http or https address"):
        copy_at("ftp://elsewhere/anchors")


@pytest.mark.django_db
def test_the_record_is_anchored_and_checked_at_an_address(anchored: Path, settings: Any, keeper: Any) -> None:
    settings.ANCHORS = keeper.address
    write(3)
    anchor()
    write(2)
    anchor()
    trust = Trust(frozenset({fingerprint()}))
    report = verify(copy=copy_at(keeper.address), trust=trust)
    assert (report.faults, report.copies, report.protected) == ([], 2, 5)
    keeper.kept = keeper.kept.replace(b'"size":3', b'"size":4')
    assert (
        f"({keeper.address}, line 1): its key did not sign it"
        in verify(copy=copy_at(keeper.address), trust=trust).faults[0]
    )
    keeper.answers = 503
    write(1)
    with pytest.raises(NotAnchored, match="503"):
        anchor()
    assert Anchor.objects.count() == 2
