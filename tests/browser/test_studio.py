"""A question to an archive, asked in a browser, answered by two real workers of which one is killed on the way."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench import archive
from bin import serve
from bin.demo_portal import PASSWORD
from bin.pages import Visitor
from procurement.simulation.scenarios import scenarios_of
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from tests.browser.conftest import ROOT, WIDE
from tests.browser.looking import looked_at
from tests.migrated import copied
from tests.simulation.invented import EUROPEAN, GREEN, axis

pytestmark = [pytest.mark.browser, pytest.mark.worker]

PATIENCE = 180  # seconds
SOME_STEPS = re.compile(r"\b[1-9][0-9]* of [0-9]+ steps")
PREPARE = f"""
from procurement.people.roles import Role
from tests.factories import UserFactory
from tests.simulation import invented
officer = UserFactory(username="policy", role=Role.POLICY_OFFICER, language="en")
officer.set_password("{PASSWORD}")
officer.save()
invented.snapshot(4000)
invented.policy()
"""
AXES = [
    axis(EUROPEAN, *(format(quarter / 4, "g") for quarter in range(41))),
    axis(GREEN, *map(str, range(10))),
]


@dataclass(frozen=True)
class Portal:
    address: str
    environment: dict[str, str]

    @property
    def archive(self) -> Path:
        (found,) = (Path(self.environment["BAREME_VAR"]) / "archives").glob("*.parquet")
        return found

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker as `bin/serve.py` starts it, whose parts are small and take a while."""
        command = [*serve.worker_command(), "--include", "tests.simulation.dawdling"]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)


@pytest.fixture(scope="module")
def studio(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal of its own with a policy officer, an invented archive and a policy to try on it."""
    folder = tmp_path_factory.mktemp("studio")
    with copied("", "", folder) as url:
        own = {"BAREME_VAR": str(folder), "DATABASE_URL": url, "REDIS_URL": "", "BAREME_ARCHIVES": "", "DEBUG": "0"}
        yield from running(os.environ | own)


def running(environment: dict[str, str]) -> Iterator[Portal]:
    """The portal with its kernels compiled, as long as it is asked for."""
    for command in (["warm_kernels"], ["shell", "-v", "0", "-c", PREPARE]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    port = serve.free_port(None)
    children = serve.start({"web server": serve.web_command(port)}, environment)
    try:
        assert serve.wait_until_it_answers(port, children)
        yield Portal(f"http://{serve.HOST}:{port}", environment)
    finally:
        serve.stop(children)


@pytest.fixture
def workers(studio: Portal) -> Iterator[list[subprocess.Popen[bytes]]]:
    started = [studio.worker(), studio.worker()]
    yield started
    serve.stop([serve.Child("worker", worker) for worker in started])


@pytest.fixture
def officer(chrome: Browser, studio: Portal) -> Iterator[Visitor]:
    visitor = Visitor(chrome.new_page(viewport=WIDE, reduced_motion="reduce"), studio.address)
    visitor.log_in("policy", PASSWORD)
    visitor.read_in("en")
    yield visitor
    visitor.tab.context.close()


def ask(officer: Visitor) -> Page:
    """The question of `AXES`, from the room's empty state to its running page."""
    tab = officer.tab
    tab.goto(f"{officer.address}/simulations/")
    tab.get_by_role("link", name="Ask a question").first.click()
    tab.get_by_label("Archive", exact=True).select_option(index=0)
    tab.get_by_label("Policy", exact=True).select_option(label="Points for Europe and for the environment, version 1")
    tab.get_by_role("button", name="Show what can be varied").click()
    tab.wait_for_url(re.compile(r"[?&]snapshot="))
    first, second = tab.locator("fieldset.axis").all()
    first.get_by_label("What is varied").select_option(EUROPEAN)
    for label, value in (("or from", "0"), ("to", "10"), ("by steps of", "0.25")):
        first.get_by_role("textbox", name=label, exact=True).fill(value)
    second.get_by_label("What is varied").select_option(GREEN)
    second.get_by_label("Its values").fill("; ".join(AXES[1]["values"]))
    expect(tab.locator("[data-scenarios]")).to_have_text("410")
    tab.get_by_role("button", name="Run the simulation").click()
    tab.wait_for_url(re.compile(r"/simulations/[0-9a-f-]{36}/$"))
    return tab


def wait_until_some_parts_are_done(tab: Page, address: str) -> None:
    progress = tab.locator("[hx-get]").first.get_attribute("hx-get")
    deadline, told = time.monotonic() + PATIENCE, "nothing"
    while time.monotonic() < deadline and told:  # once the work has ended, nothing is told
        told = tab.request.get(f"{address}{progress}").text()
        if SOME_STEPS.search(told):
            return
        time.sleep(0.05)
    pytest.fail(f"No part of the question was seen to be done; at last: {told} {tab.locator('main').inner_text()}")


def test_a_question_is_answered_to_the_cent_though_one_of_two_workers_is_killed(
    studio: Portal, officer: Visitor, workers: list[subprocess.Popen[bytes]]
) -> None:
    tab = ask(officer)
    wait_until_some_parts_are_done(tab, officer.address)
    os.killpg(workers[0].pid, signal.SIGKILL)
    assert tab.locator("#scenario").count() == 0, "the question was answered before a worker was killed"
    tab.locator("#scenario").wait_for(timeout=PATIENCE * 1000)  # the page renews itself

    with tab.expect_download() as download:
        tab.get_by_role("link", name="JSON").click()
    answer = json.loads(download.value.path().read_text())["result"]
    study = Study(Snapshot.read(studio.archive), archive.POLICY)
    expected = study.run(scenarios_of(AXES)).figures
    for found, figures in zip(answer["scenarios"], expected, strict=True):
        wanted = {**asdict(figures), "money": [asdict(money) for money in figures.money]}
        assert {name: found[name] for name in wanted} == wanted
    known = answer["certificate"]
    assert known["settled"] + known["kernel"] + known["redone"] == 4000 * 410
    assert known["unverified"] == 0
    assert officer.complaints == []


def test_the_answer_is_read_down_to_why_one_lot_changes(officer: Visitor, workers: object) -> None:
    tab = officer.tab
    tab.goto(f"{officer.address}/simulations/")
    tab.get_by_role("link", name="Points for Europe").first.click()
    tab.get_by_role("slider").first.press("End")  # the largest value of the first axis
    expect(tab.get_by_role("heading", name="Scenario:")).to_contain_text("Bonus for European share: 10 points")
    assert looked_at(tab) == []
    tab.get_by_role("link", name="Look at this scenario closely").click()
    tab.locator("#changed").wait_for(timeout=PATIENCE * 1000)  # the look was asked for by opening the page
    assert looked_at(tab) == []
    tab.locator("section:has(#changed) tbody th a").first.click()
    expect(tab.locator("main")).to_contain_text("Under the scenario:")
    expect(tab.get_by_role("heading", name="Both rankings")).to_be_visible()
    assert looked_at(tab) == []
    assert officer.complaints == []
