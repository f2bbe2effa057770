"""Erasing the text of a reason: by number, by an administrator, with a line of its own, and the chain holds."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from procurement.ledger import services as ledger
from procurement.ledger.models import Disclosure, Line
from procurement.people.erasure import erase_reason
from procurement.people.models import User
from procurement.people.readable import lines_visible_to
from procurement.people.refusals import Invalid, Refused
from tests.ledger.chains import first_broken
from tests.ledger.told import reason_of

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WHY = "Request 2026-14 of the data-protection officer."


@pytest.fixture
def line(buyer: User) -> Line:
    """A line administrators do not read, the record's second and not the second of its table."""
    ledger.record("lot.scored", "tenders.Lot:12", by=buyer, at=AT)
    return ledger.record("lot.awarded", "tenders.Lot:12", by=buyer, at=AT, reason="Mrs Morel was ill.")


def test_the_text_goes_and_the_line_stays(line: Line, administrator: User) -> None:
    before = line.content()
    erase_reason(line=line, reason=WHY, by=administrator)
    after = Line.objects.get(pk=line.pk)
    assert after.content() == before
    assert "was erased" in reason_of(after)
    assert not Disclosure.objects.filter(text__contains="Morel").exists()
    assert first_broken(Line.objects.order_by("sequence")) is None


def test_another_line_says_who_erased_what_and_why(line: Line, administrator: User) -> None:
    erase_reason(line=line, reason=WHY, by=administrator)
    said = Line.objects.latest("sequence")
    assert (said.action, said.object, said.actor) == ("reason.erased", "ledger.Line:2", f"user:{administrator.pk}")
    assert reason_of(said) == WHY
    assert WHY not in str(said.content())


def test_the_record_speaks_of_its_lines_by_their_sequence(line: Line) -> None:
    line.pk = 4711  # rows that were rolled back leave gaps in the keys, never in the sequence
    assert ledger.name_of(line) == "ledger.Line:2"


def test_only_an_administrator_erases(line: Line, buyer: User, auditor: User) -> None:
    for reader in (buyer, auditor):
        with pytest.raises(PermissionDenied):
            erase_reason(line=line, reason=WHY, by=reader)
    assert reason_of(line) == "Mrs Morel was ill."
    assert Line.objects.filter(action="erase_reason.refused", object="ledger.Line:2").count() == 2


def test_an_erasure_says_why(line: Line, administrator: User) -> None:
    with pytest.raises(Invalid, match="who asked"):
        erase_reason(line=line, reason=" ", by=administrator)
    assert reason_of(line) == "Mrs Morel was ill."


def test_what_is_not_there_is_not_erased(line: Line, administrator: User) -> None:
    with pytest.raises(Refused, match="gives no reason"):
        erase_reason(line=Line.objects.get(sequence=1), reason=WHY, by=administrator)
    erase_reason(line=line, reason=WHY, by=administrator)
    with pytest.raises(Refused, match="not there any more"):
        erase_reason(line=line, reason=WHY, by=administrator)
    line.reason = "written before commitments"
    with pytest.raises(Refused, match="part of the chain"):
        erase_reason(line=line, reason=WHY, by=administrator)


def test_an_administrator_erases_by_number_without_reading_the_line(
    office: Client, client: Client, line: Line, buyer: User
) -> None:
    form = office.get("/record/erase/?line=2")
    assert 'value="2"' in form.content.decode()
    assert "Morel" not in form.content.decode().replace("Claire Morel", "")
    assert office.get("/record/2/").status_code == 404
    answer = office.post("/record/erase/", {"line": "2", "reason": WHY}, follow=True)
    assert "The text of line 2 is erased." in answer.content.decode()
    assert "was erased" in reason_of(line)


@pytest.mark.parametrize("number", ["99", "-1", "2.5", "x", "", "9" * 30])
def test_a_number_no_line_has_is_said_beside_the_field(office: Client, line: Line, number: str) -> None:
    answer = office.post("/record/erase/", {"line": number, "reason": WHY})
    assert answer.status_code == 200
    assert answer.context["form"].errors["line"]


def test_a_line_the_administrator_reads_leads_to_its_erasure(office: Client, administrator: User, buyer: User) -> None:
    ledger.record("person.role_changed", buyer, by=administrator, reason="auditor")
    ledger.record("person.deactivated", buyer, by=administrator)
    assert 'href="/record/erase/"' in office.get("/record/").content.decode()
    assert 'href="/record/erase/?line=1"' in office.get("/record/1/").content.decode()
    assert "/record/erase/" not in office.get("/record/2/").content.decode()


def test_whoever_reads_a_line_reads_who_erased_it_and_nobody_else_does(
    line: Line, administrator: User, buyer: User, auditor: User
) -> None:
    erase_reason(line=line, reason=WHY, by=administrator)
    said = Line.objects.get(action="reason.erased")
    assert lines_visible_to(buyer).filter(pk=said.pk).exists()  # who wrote the line that lost its text
    assert lines_visible_to(administrator).filter(pk=said.pk).exists()
    assert not lines_visible_to(auditor).exists()


def test_the_operator_erases_from_the_command_line(
    line: Line, administrator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("erase_reason", line=2, reason=WHY, by="roy")
    assert capsys.readouterr().out == "The text of line 2 is erased.\n"
    assert "was erased" in reason_of(line)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"line": 99}, "no line 99"),
        ({"by": "nobody"}, "user name nobody"),
        ({"by": "morel"}, "Your role does not allow this"),
        ({"reason": ""}, "who asked"),
        ({"line": 1}, "gives no reason"),
    ],
)
def test_the_command_says_what_stops_it(
    line: Line, administrator: User, given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("erase_reason", **{"line": 2, "reason": WHY, "by": "roy", **given})
    assert reason_of(line) == "Mrs Morel was ill."
