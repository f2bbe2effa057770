"""Findings that stop an award, and those of them a second person has lifted."""

from collections.abc import Iterable
from typing import Any

from procurement import sentences
from procurement.evaluation.models import LiftedBlock
from procurement.policies.seeded_texts import titles_of
from scoring.canonical import sha256

Finding = dict[str, Any]


def digest(finding: Finding) -> str:
    """What a lift holds for: this code about these values, whatever is later said of its article or source."""
    return sha256({"code": finding["code"], "values": finding["values"]})


def blocking(sheet: dict[str, Any]) -> list[Finding]:
    """The findings of a sheet document that stop an award, in its order."""
    return [finding for finding in sheet["findings"] if finding["severity"] == "block"]


def standing(sheet: dict[str, Any], lifted: Iterable[LiftedBlock]) -> list[Finding]:
    """The blocking findings that nobody has lifted."""
    gone = {lift.finding_sha256 for lift in lifted}
    return [finding for finding in blocking(sheet) if digest(finding) not in gone]


def lifts_used(sheet: dict[str, Any], lifted: Iterable[LiftedBlock]) -> list[LiftedBlock]:
    """The lifts without which a finding of the sheet would stop the award."""
    needed = {digest(finding) for finding in blocking(sheet)}
    return [lift for lift in lifted if lift.finding_sha256 in needed]


def described(findings: Iterable[Finding], case: dict[str, Any]) -> list[Finding]:
    """Findings with their sentences, as a refusal lists them; the case names the tenderers and the criteria."""
    names = {bid["id"]: bid["supplier"]["name"] for bid in case["bids"]}
    criteria = {criterion["id"]: criterion.get("title") or criterion["id"] for criterion in case["criteria"]}
    known = (names, criteria, case["tender"]["currency"], titles_of(case.get("policy")))
    return [{**finding, "sentence": sentences.sentence(finding, *known)} for finding in findings]
