"""The pages and the API of one's own jobs."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.jobs import services
from procurement.jobs.models import Job, State
from procurement.people.models import User
from tests.jobs import counting


@pytest.fixture
def job(requester: User) -> Job:
    return services.enqueue(task=counting.COUNT, arguments={}, by=requester, provenance={"policy": "ab12"})


@pytest.fixture
def running(job: Job) -> Job:
    claimed = services.claim(str(job.pk))
    assert claimed is not None
    services.progress(job=claimed, done=3, total=8, message="Counting")
    return claimed


@pytest.fixture
def reader(client: Client, requester: User) -> Client:
    client.force_login(requester)
    return client


@pytest.fixture
def stranger(somebody_else: User) -> Client:
    client = Client()
    client.force_login(somebody_else)
    return client


def test_a_running_job_shows_how_far_it_is_and_renews_itself(reader: Client, running: Job) -> None:
    for page in (reader.get(running.get_absolute_url()), reader.get(reverse("jobs:progress", args=[running.pk]))):
        text = page.content.decode()
        assert "3 of 8 steps" in text
        assert '<progress max="8" value="3"' in text
        assert 'hx-trigger="every 1s"' in text


def test_an_ended_job_asks_the_page_to_be_read_anew(reader: Client, running: Job) -> None:
    services.finish(job=running, result={})
    assert reader.get(reverse("jobs:progress", args=[running.pk])).headers["HX-Refresh"] == "true"
    assert "every 1s" not in reader.get(running.get_absolute_url()).content.decode()


def test_an_ended_job_leads_to_what_it_wrote_and_says_what_it_is_bound_to(
    reader: Client, running: Job, requester: User
) -> None:
    services.finish(job=running, result={"people.User": requester.pk})
    text = reader.get(running.get_absolute_url()).content.decode()
    assert f"<li>{requester}</li>" in text
    assert "ab12" in text


def test_what_a_job_wrote_is_named_only_to_who_may_see_it(
    reader: Client, running: Job, requester: User, somebody_else: User
) -> None:
    services.finish(job=running, result={"people.User": somebody_else.pk})
    assert f"<li>{somebody_else}</li>" not in reader.get(running.get_absolute_url()).content.decode()


def test_a_failed_job_says_why(reader: Client, running: Job) -> None:
    services.fail(job=running, error="The envelope of 2025 is closed.")
    assert "The envelope of 2025 is closed." in reader.get(running.get_absolute_url()).content.decode()


def test_a_job_is_cancelled_from_its_page(reader: Client, job: Job) -> None:
    assert reader.get(reverse("jobs:cancel", args=[job.pk])).status_code == 405
    answer = reader.post(reverse("jobs:cancel", args=[job.pk]), follow=True)
    assert "nothing was kept" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == State.CANCELLED


@pytest.mark.parametrize("page", ["job", "progress", "cancel"])
def test_the_job_of_another_does_not_exist(stranger: Client, job: Job, page: str) -> None:
    address = reverse(f"jobs:{page}", args=[job.pk])
    answer = stranger.post(address) if page == "cancel" else stranger.get(address)
    assert answer.status_code == 404
    assert str(job.pk) not in stranger.get(reverse("jobs:list")).content.decode()


def test_the_list_takes_as_many_queries_for_ten_jobs_as_for_one(reader: Client, job: Job, requester: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert reader.get(reverse("jobs:list")).status_code == 200
        return len(counted)

    with_one = queries()
    for _ in range(9):
        services.enqueue(task=counting.COUNT, arguments={}, by=requester, provenance={})
    assert queries() == with_one


def test_an_empty_list_says_what_it_will_hold(reader: Client) -> None:
    assert "once started, is followed here" in reader.get(reverse("jobs:list")).content.decode()


def test_a_job_of_a_task_the_software_no_longer_knows_is_still_listed(reader: Client, job: Job) -> None:
    Job.objects.update(task="procurement.jobs.gone.gone")
    assert "procurement.jobs.gone.gone" in reader.get(reverse("jobs:list")).content.decode()


def test_the_api_reads_and_cancels_ones_own_jobs(reader: Client, stranger: Client, running: Job) -> None:
    address = reverse("job-detail", args=[running.pk])
    found: dict[str, Any] = reader.get(address).json()
    assert (found["state"], found["done"], found["total"], found["title"]) == ("running", 3, 8, "Counting")
    assert found["provenance"] == {"policy": "ab12"}
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}cancel/").status_code == 404
    assert [row["id"] for row in reader.get(reverse("job-list"), {"state": "running"}).json()["results"]] == [
        str(running.pk)
    ]
    assert reader.post(f"{address}cancel/").json()["state"] == "cancelled"


def test_the_api_asks_who_is_there(client: Client, job: Job) -> None:
    assert client.get(reverse("job-detail", args=[job.pk])).status_code == 401


def test_the_time_left_follows_from_the_pace(running: Job) -> None:
    running.refresh_from_db()
    assert running.started_at is not None
    with patch("procurement.jobs.models.timezone.now", return_value=running.started_at + services.SILENCE):
        assert running.minutes_left == 4  # 3 steps in 2 minutes: 5 more take 3 minutes 20
        assert running.seconds_left is None


def test_the_time_left_is_said_in_seconds_when_it_is_short(reader: Client, running: Job) -> None:
    running.refresh_from_db()
    assert running.started_at is not None
    with patch("procurement.jobs.models.timezone.now", return_value=running.started_at + timedelta(seconds=12)):
        assert (running.minutes_left, running.seconds_left) == (None, 20)
        assert "about 20 seconds left" in reader.get(running.get_absolute_url()).content.decode()
