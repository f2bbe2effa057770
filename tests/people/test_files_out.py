"""Whatever leaves the portal as a file leaves a line, whoever takes it."""

from typing import Any

import pytest
from django.test import Client

from procurement.ledger.models import Line
from procurement.people.actions import deed
from tests.ledger.told import reason_of
from tests.people.test_permissions import address, rows
from tests.people.world import World

# The same file for everybody, nobody's secret; a bundle on the shelf, recorded when it was made (`bundle.exported`).
LINELESS = {"audit:verifier", "audit:download"}


def taken(client: Client, url: str) -> Any:
    answer = client.get(url)
    return answer if "attachment" in answer.headers.get("Content-Disposition", "") else None


@pytest.mark.parametrize("kind", ["buyer", "auditor"])
def test_every_file_leaves_a_line_with_its_name(world: World, kind: str) -> None:
    client, found = Client(), []
    client.force_login(world.readers[kind])
    for name, nouns, method, cells in rows():
        if method != "GET" or cells[kind] != "+" or name in LINELESS:
            continue
        answer = taken(client, address(name, nouns, world))
        if answer is not None:
            line = Line.objects.latest("sequence")
            assert line.action == "file.exported", name
            assert f'filename="{reason_of(line)}"' in answer["Content-Disposition"], name
            assert line.actor == f"user:{world.readers[kind].pk}"
            found.append(name)
    known = {"evaluation:ranking_csv", "evaluation:case_json", "evaluation:sheet_json", "evaluation:decision_csv"}
    assert set(found) >= known | {"decision-export", "cashback:export", "policies:document"}


def test_the_file_of_a_sheet_is_recorded_about_the_sheet(world: World) -> None:
    client = Client()
    client.force_login(world.readers["buyer"])
    client.get(f"/lots/{world.numbers['decided']}/sheets/{world.numbers['sheet_number']}/case.json")
    line = Line.objects.latest("sequence")
    assert (line.object, deed(line.action)) == (f"evaluation.ScoreSheet:{world.numbers['sheet']}", "exported a file")


def test_a_file_that_is_not_there_leaves_no_line(world: World) -> None:
    client = Client()
    client.force_login(world.readers["stranger"])
    before = Line.objects.count()
    assert client.get(f"/decisions/{world.numbers['decision']}/decision.csv").status_code == 404
    assert Line.objects.count() == before
