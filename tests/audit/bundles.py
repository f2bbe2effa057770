"""A small bundle, made from its description and from nothing of the portal: one lot, three bids, one award.

Every document of a `Story` may be changed before it is told: the record, the manifest and the signature then agree
with the changed document, so that only the check of that document itself can see it.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import scoring
from procurement.audit.verify import committed_leaf, leaves_of
from scoring import canonical, sha256
from tests.audit.signing import signed
from tests.audit.test_merkle import naive_path, naive_root
from tests.scoring.documents import effect, from_countries, lot, offer, preference, price, quality

Document = dict[str, Any]
Files = dict[str, bytes]

SEED, OTHER_SEED = bytes(range(32)), bytes(32)
FINGERPRINT = hashlib.sha256(signed(SEED, b"")[0]).hexdigest()
COMMITMENT_KEY = bytes(range(100, 132))
LIFTED_AT, DECIDED_AT = "2026-03-02T09:00:00.000000+00:00", "2026-03-02T10:00:00.000000+00:00"
MOMENTS = {"lot.block_lifted": LIFTED_AT, "lot.awarded": DECIDED_AT, "lot.ended": DECIDED_AT}
PLACE = "decisions/7/sheets/1"
SECRET = re.compile(r"/bids/\d+/(lines/\d+/(unit_price|origins/.*)|environment/.*|supplier/name)")


def scored_case() -> Document:
    """A wins by the bonus on its European share; prices are given, so that a communicable case can be ranked."""
    policy = preference(effect("european"), effect("quality-goal", driver="mark:quality", amount="2"), bonus_cap="6")
    bids = [
        offer("A", "100", "60", **from_countries("100", ("FR", "1"))),
        offer("B", "95", "60", **from_countries("95", ("CN", "1"))),
        offer("C", "120", "70", **from_countries("120", ("DE", "0.5"))),
    ]
    case = lot(*bids, criteria=[price(), quality()], policy=policy, rounding={"decimals": 2}, tie_break=["lower_price"])
    case["tender"] = {"id": "GHT-1/2", "currency": "EUR", "launched_on": "2026-01-05"}
    case["assessed_on"] = "2026-03-01"
    return case


def lift_of(finding: Document) -> Document:
    """How a decision tells that somebody lifted a finding."""
    digest = sha256({"code": finding["code"], "values": finding["values"]})
    return {"code": finding["code"], "finding_sha256": digest, "reason": "Looked at.", "lifted_at": LIFTED_AT}


def announcement() -> Document:
    """What a lot announces in words, in one language; the hash of its rules is added when it is told."""
    weights = {"caption": "Weights", "head": ["Criterion", "Weight"], "rows": [["Price", "50 %"]]}
    blocks = [{"paragraph": "The bid with the most points wins."}, {"table": weights}]
    return {
        "schema": "bareme-announcement/1",
        "tender": "GHT-1",
        "lot": 2,
        "training": False,
        "anonymous": False,
        "two_envelopes": False,
        "steps": {"quality": [{"value": "0", "meaning": "Unusable"}]},
        "effective_weights": {"price": "1/2"},
        "texts": {"en": {"title": "Criteria", "subtitle": "", "sections": [{"title": "Criteria", "blocks": blocks}]}},
    }


class Story:
    """What happened to a lot, as documents; `files` tells it as a bundle."""

    def __init__(self, case: Document | None = None) -> None:
        self.case = case or scored_case()
        self.policy = copy.deepcopy(self.case["policy"])
        self.rules = {key: copy.deepcopy(self.case[key]) for key in ("tender", "rounding", "criteria", "tie_break")}
        named = self.policy and {"id": self.policy["id"], "version": self.policy["version"]}
        self.rules["policy"] = named and {**named, "sha256": sha256(self.policy)}
        self.sheet = scoring.evaluate(self.case)
        self.decision: Document = {
            "schema": "bareme-decision/1",
            "id": "7",
            "lot": "tenders.Lot:12",
            "tender": "tenders.Tender:3",
            "outcome": "awarded",
            "bid": self.sheet["winner"],
            "sheet": 1,
            "draw": "",
            "reason": "The best total.",
            "decided_at": DECIDED_AT,
            "lifted": [lift_of(finding) for finding in self.sheet["findings"] if finding["severity"] == "block"],
        }
        self.announcement: Document | None = announcement()
        self.lines: list[Document] = []
        self.published_lots: Document | None = None
        self.extra_files: Files = {}
        self.extra_lines: list[tuple[str, str, str, str]] = []
        self.named: Callable[[list[Document]], list[Document]] = lambda lines: lines  # that the manifest names

    def record(self, action: str, thing: str, after: str, before: str = "") -> None:
        """One more line of the chain."""
        line = {
            "sequence": len(self.lines) + 1,
            "at": MOMENTS.get(action, f"2026-03-02T10:00:{len(self.lines):02d}.000000+00:00"),
            "actor": "user:2" if action == "lot.block_lifted" else "user:1",
            "role": "buyer",
            "action": action,
            "object": thing,
            "before": before,
            "after": after,
            "reason": "",
            "previous": self.lines[-1]["hash"] if self.lines else "0" * 64,
        }
        self.lines.append({**line, "hash": sha256(line)})

    def files(self, kind: str = "full", seed: bytes | None = SEED) -> Files:
        """The files of the bundle; without a seed it has no anchor."""
        leaves = sorted(leaves_of(self.case), key=lambda leaf: leaf[0])
        salts = {at: hmac.new(COMMITMENT_KEY, at.encode(), hashlib.sha256).digest()[:16] for at, _value in leaves}
        hashes = {at: committed_leaf(salts[at], at, value) for at, value in leaves}
        root = naive_root(list(hashes.values())).hex()
        lots = {"2": sha256(self.rules)}
        self.lines = []
        self.record("person.logged_in", "people.User:1", "")
        if self.policy:
            self.record("policy_version.approved", "policies.PolicyVersion:1", sha256(self.policy))
        self.record("tender.published", "tenders.Tender:3", sha256(self.published_lots or lots))
        announcement = self.announcement and {"rules_sha256": sha256(self.rules), **self.announcement}
        announced = announcement and {"2": sha256(announcement)}
        if announced:
            self.record("tender.announced", "tenders.Tender:3", sha256(announced))
        self.record("person.logged_in", "people.User:1", "")
        self.record("tender.opened", "tenders.Tender:3", "")
        scored = {"case": self.sheet["case_sha256"], "case_root": root, "sheet": sha256(self.sheet)}
        self.record("lot.scored", "tenders.Lot:12", sha256(scored))
        for line in self.extra_lines:
            self.record(*line)
        if self.decision["lifted"]:
            self.record("lot.block_lifted", "tenders.Lot:12", "12" * 32)
        ended = "lot.awarded" if self.decision["outcome"] == "awarded" else "lot.ended"
        before = sha256(self.sheet) if self.decision["sheet"] else ""
        self.record(ended, "tenders.Lot:12", sha256(self.decision), before)
        files = {
            "documents.json": canonical([{"name": "notice.pdf", "sha256": "ab" * 32, "size": 1234}]),
            "parameters.json": canonical([]),
            "verify.py": b"# a copy\n",
            "decisions/7/decision.json": canonical(self.decision),
            "decisions/7/rules.json": canonical(self.rules),
            "decisions/7/tender.json": canonical({"lots": lots, **({"announced": announced} if announced else {})}),
            f"{PLACE}/sheet.json": canonical(self.sheet),
            **self.extra_files,
        }
        if announcement:
            files["decisions/7/announcement.json"] = canonical(announcement)
        if self.policy:
            files[f"policies/{self.policy['id']}-{self.policy['version']}.json"] = canonical(self.policy)
        if kind == "full":
            files[f"{PLACE}/case.json"] = canonical(self.case)
            committed = {"schema": "bareme-commitment/1", "case_root": root, "key": COMMITMENT_KEY.hex()}
            files[f"{PLACE}/commitment.json"] = canonical(committed)
        else:
            told = [
                {"pointer": at, "pointer_hidden": False, "hash": hashes[at].hex()}
                if SECRET.fullmatch(at) and at != self.winning_name()
                else {"pointer": at, "value": value, "salt": salts[at].hex()}
                for at, value in leaves
            ]
            redacted = {"schema": "bareme-redacted-case/1", "root": root, "leaves": told}
            files[f"{PLACE}/case.redacted.json"] = canonical(redacted)
        return self.sealed(files, kind, seed)

    def winning_name(self) -> str | None:
        """Where the name stands that is no secret."""
        ids = [bid["id"] for bid in self.case["bids"]]
        return f"/bids/{ids.index(self.decision['bid'])}/supplier/name" if self.decision["bid"] in ids else None

    def sealed(self, files: Files, kind: str, seed: bytes | None) -> Files:
        """The files with their manifest, the line of their export, and the proof of every line but the log-ins."""
        manifest = {
            "schema": "bareme-bundle/1",
            "kind": kind,
            "created_at": "2026-03-03T08:00:00.000000+00:00",
            "software": "1.0",
            "decisions": ["7"],
            "lines": [line["hash"] for line in self.named(self.lines) if line["action"] != "person.logged_in"],
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        }
        files["manifest.json"] = canonical(manifest)
        self.record("bundle.exported", "evaluation.Decision:7", hashlib.sha256(files["manifest.json"]).hexdigest())
        told = [line for line in self.lines if line["action"] != "person.logged_in"]
        files["ledger/lines.json"] = canonical(told)
        files["ledger/proof.json"] = canonical(self.proof(told, seed) if seed else {"anchor": None, "inclusion": {}})
        return files

    def proof(self, told: list[Document], seed: bytes) -> Document:
        """The signed anchor over the whole chain, and the path of each line that is told."""
        hashes = [bytes.fromhex(line["hash"]) for line in self.lines]
        anchor = {
            "schema": "bareme-anchor/1",
            "chain": self.lines[0]["hash"],
            "size": len(hashes),
            "head": self.lines[-1]["hash"],
            "root": naive_root(hashes).hex(),
            "at": "2026-03-03T08:00:01.000000+00:00",
        }
        key, signature = signed(seed, b"bareme-anchor/1\n" + canonical(anchor))
        return {
            "anchor": {"document": anchor, "signature": signature.hex(), "key": key.hex()},
            "inclusion": {
                str(line["sequence"]): [node.hex() for node in naive_path(line["sequence"] - 1, hashes)]
                for line in told
            },
        }


def packed(files: Files, names: list[str] | None = None, *, stored: bool = False) -> bytes:
    """The bytes of a zip of these files, in the order of their names unless `names` gives another."""
    content, method = io.BytesIO(), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(content, "w", method) as archive:
        for name in sorted(files) if names is None else names:
            archive.writestr(zipfile.ZipInfo(name), files[name], method)
    return content.getvalue()


KINDS = ["full", "communicable"]
JSON_FILES = {kind: sorted(name for name in Story().files(kind) if name.endswith(".json")) for kind in KINDS}
"""The documents of a bundle of each kind."""
