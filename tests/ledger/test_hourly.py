"""The worker anchors the record by itself, each hour in which it grew."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from procurement.ledger import hourly
from procurement.ledger.anchors import anchor
from procurement.ledger.installation import protected
from procurement.ledger.models import Anchor
from tests.ledger.chains import write

pytestmark = pytest.mark.django_db


def test_the_first_lines_are_anchored_at_once(anchored: Path) -> None:
    hourly.look()
    assert not Anchor.objects.exists()
    write(2)
    hourly.look()
    assert Anchor.objects.get().size == 2


def test_new_lines_wait_until_the_last_anchor_is_an_hour_old(anchored: Path) -> None:
    write(1)
    made = anchor(at=timezone.now() - timedelta(minutes=59))
    write(1)
    hourly.look()
    assert list(Anchor.objects.all()) == [made]
    assert hourly.due(timezone.now() + timedelta(minutes=2))


def test_an_hour_without_a_line_needs_no_anchor(anchored: Path) -> None:
    write(1)
    anchor(at=timezone.now() - timedelta(days=3))
    assert not hourly.due(timezone.now())


def test_without_a_key_nothing_is_due() -> None:
    write(1)
    assert not hourly.due(timezone.now())


def test_an_anchor_that_cannot_be_kept_is_told_in_the_log_and_tried_again(
    anchored: Path, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(1)
    settings.ANCHORS = str(tmp_path / "no folder" / "anchors.jsonl")
    hourly.look()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "cannot be written to" in caplog.text
    settings.ANCHORS = str(anchored)
    hourly.look()
    assert Anchor.objects.exists()


def test_an_installation_without_a_key_is_warned(settings: Any) -> None:
    assert [warning.id for warning in protected()] == ["ledger.W001"]
    settings.ANCHOR_KEY = "ab" * 32
    assert protected() == []


def test_the_warning_is_one_of_a_deployment_alone() -> None:
    call_command("check", fail_level="WARNING")
