"""Time stamps of a real authority, which `openssl ts` plays on this machine."""

import base64
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from procurement.ledger.anchors import anchor, fingerprint
from procurement.ledger.claims import Trust
from procurement.ledger.models import Anchor
from procurement.ledger.outside import copy_at
from procurement.ledger.timestamps import NoCertificates, certificates
from procurement.ledger.verification import Report, verify
from scoring.canonical import canonical
from tests.conftest import triggers_lifted
from tests.ledger.chains import write

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl plays the time-stamping authority"),
]

CONFIGURATION = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name}
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[ stamper ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
default_tsa = authority
[ authority ]
serial = {folder}/serial
signer_cert = {folder}/stamper.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """A root, a certificate that may stamp time, and `openssl ts` to do it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.root = folder, folder / "root.pem"
        (folder / "serial").write_text("01\n")
        for name in ("root", "stamper"):
            (folder / f"{name}.cnf").write_text(CONFIGURATION.format(name=name, folder=folder))
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        root = ["-keyout", "root.key", "-out", "root.pem", "-days", "30", "-config", "root.cnf", "-extensions", "root"]
        self.run("req", "-x509", *key, *root)
        self.run("req", "-new", *key, "-keyout", "stamper.key", "-out", "stamper.csr", "-config", "stamper.cnf")
        issuer = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30"]
        extensions = ["-extfile", "stamper.cnf", "-extensions", "stamper"]
        self.run("x509", "-req", "-in", "stamper.csr", *issuer, *extensions, "-out", "stamper.pem")

    def run(self, *command: str) -> None:
        subprocess.run(["openssl", *command], cwd=self.folder, check=True, capture_output=True)

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.run(
            "ts", "-reply", "-config", "stamper.cnf", "-section", "authority", "-queryfile", "query", "-out", "reply"
        )
        return (self.folder / "reply").read_bytes()


class Desk(BaseHTTPRequestHandler):
    """Answers a query as the authority of the server does."""

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        content = self.server.answer(query)
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_said: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ts") / "authority")


@pytest.fixture
def desk(authority: Authority, settings: Any, anchored: Path) -> Iterator[Any]:
    """The authority behind an address, which anchors are stamped at."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.answer = authority.answer
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def made() -> Anchor:
    write(3)
    found = anchor()
    assert found is not None
    return found


def checked(root: Path | None, copy: Path | None = None) -> Report:
    trust = Trust(frozenset({fingerprint()}), certificates(str(root or "")))
    return verify(copy=copy_at(str(copy)) if copy else None, trust=trust)


def test_an_anchor_carries_the_time_stamp_of_the_authority(desk: Any, authority: Authority, anchored: Path) -> None:
    found = made()
    assert found.timestamp.encode() in anchored.read_bytes()
    report = checked(authority.root, anchored)
    assert (report.faults, report.stamps) == ([], 2)


def test_openssl_reads_the_time_stamp_too(desk: Any, authority: Authority, tmp_path: Path) -> None:
    found = made()
    (tmp_path / "answer").write_bytes(base64.b64decode(found.timestamp))
    (tmp_path / "said").write_bytes(canonical(found.document()))
    command = ["ts", "-verify", "-in", tmp_path / "answer", "-data", tmp_path / "said", "-CAfile", authority.root]
    said = subprocess.run(["openssl", *command], capture_output=True, text=True, check=True)
    assert "Verification: OK" in said.stdout + said.stderr


def test_the_time_stamp_of_another_authority_is_told(desk: Any, tmp_path: Path) -> None:
    made()
    other = Authority(tmp_path / "other")
    assert "its time stamp is not one of the authority" in checked(other.root).faults[0]
    assert checked(None).faults == []  # who stamped is only known with the certificates


def test_a_time_stamp_moved_from_one_anchor_to_another_is_told(desk: Any) -> None:
    first, second = made(), made()
    with transaction.atomic(), triggers_lifted():
        Anchor.objects.filter(pk=second.pk).update(timestamp=first.timestamp)
    assert checked(None).faults == ["The anchor at line 6 (the database): its time stamp is over something else."]


def test_a_changed_time_stamp_is_told(desk: Any, authority: Authority) -> None:
    found = made()
    token = bytearray(base64.b64decode(found.timestamp))
    token[-1] ^= 1  # the last byte of the authority's signature
    with transaction.atomic(), triggers_lifted():
        Anchor.objects.filter(pk=found.pk).update(timestamp=base64.b64encode(bytes(token)).decode())
    assert "its time stamp" in checked(authority.root).faults[0]


@pytest.mark.parametrize("answer", [b"", b"no answer", b"x" * 100_000])
def test_an_authority_that_answers_nonsense_costs_the_time_stamp_alone(
    desk: Any, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answer = lambda _query: answer
    assert made().timestamp == ""
    assert "The anchor is kept without a time stamp. The time-stamping authority at http://127.0.0.1" in caplog.text
    assert len(caplog.records) == 1


def test_the_answer_to_another_question_is_no_time_stamp(
    desk: Any, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    first = base64.b64decode(made().timestamp)
    desk.answer = lambda _query: first
    assert made().timestamp == ""
    assert "it refused, or answered another question" in caplog.text


def test_an_authority_that_is_away_costs_the_time_stamp_alone(
    anchored: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    assert made().timestamp == ""
    assert "Connection refused" in caplog.text


def test_certificates_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("no certificate")
    for path in (tmp_path / "root.pem", tmp_path / "none.pem"):
        with pytest.raises(NoCertificates, match="The certificates of the time-stamping authority cannot be read from"):
            certificates(str(path))
