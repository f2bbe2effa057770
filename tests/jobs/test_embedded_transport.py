"""The broker of a machine that has none: whole messages, kept until acknowledged."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Consumer, Queue

import config.celery  # noqa: F401 – registers the transport
from procurement.jobs import embedded_transport

QUEUE = Queue("jobs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def connection(folder: Path) -> Iterator[Connection]:
    with Connection("embedded://", transport_options={"folder": str(folder)}) as opened:
        yield opened


def put(connection: Connection, body: object) -> None:
    connection.Producer().publish(body, routing_key="jobs", serializer="json")


def take(connection: Connection):
    return QUEUE(connection.channel()).get()


def files(folder: Path, place: str) -> list[Path]:
    return sorted(path for path in (folder / place).rglob("*.json"))


def test_messages_come_in_the_order_they_were_sent(connection: Connection) -> None:
    for number in range(5):
        put(connection, {"number": number})
    queue = QUEUE(connection.channel())
    assert [queue.get().payload["number"] for _ in range(5)] == [0, 1, 2, 3, 4]
    assert queue.get() is None


def test_a_message_half_written_is_not_there_yet(connection: Connection, folder: Path) -> None:
    put(connection, {"number": 1})
    whole = files(folder, "waiting")[0]
    whole.rename(whole.with_name(f".{whole.name}"))
    assert take(connection) is None


def test_a_taken_message_is_kept_until_it_is_acknowledged(connection: Connection, folder: Path) -> None:
    put(connection, {"number": 1})
    message = take(connection)
    assert files(folder, "waiting") == []
    assert len(files(folder, "taken")) == 1
    message.ack()
    assert files(folder, "taken") == []


def test_a_rejected_message_goes_and_a_requeued_one_comes_back(connection: Connection, folder: Path) -> None:
    put(connection, {"number": 1})
    take(connection).requeue()
    assert len(files(folder, "waiting")) == 1
    take(connection).reject()
    assert files(folder, "waiting") + files(folder, "taken") == []


def test_a_worker_that_stops_gives_back_what_it_has_not_acknowledged(connection: Connection, folder: Path) -> None:
    put(connection, {"number": 1})
    with connection.clone() as other:
        assert take(other).payload == {"number": 1}
    assert len(files(folder, "waiting")) == 1


@pytest.mark.parametrize("content", ["", "{", '{"body": 1}', "[1, 2]", "\\ud800", '{"body": "", "headers": {}}'])
def test_an_unreadable_message_is_set_aside_and_the_next_one_read(
    connection: Connection, folder: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    channel = connection.channel()
    (folder / "waiting" / "0-broken.jobs.json").write_bytes(content.encode() + b"\xff" * (content == ""))
    put(connection, {"number": 2})
    assert QUEUE(channel).get().payload == {"number": 2}
    assert [path.name for path in files(folder, "unreadable")] == ["0-broken.jobs.json"]
    assert "set aside" in caplog.text


def test_a_message_of_a_killed_worker_is_taken_by_the_next(connection: Connection, folder: Path) -> None:
    put(connection, {"number": 1})
    program = (
        "import sys, time; import config.celery; from kombu import Connection, Queue\n"
        f"c = Connection('embedded://', transport_options={{'folder': {str(folder)!r}}})\n"
        "print(Queue('jobs')(c.channel()).get().payload, flush=True); time.sleep(60)"
    )
    root = Path(embedded_transport.__file__).parents[2]
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "{'number': 1}\n"
    assert take(connection) is None, "a living worker keeps what it took"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    channel = connection.channel()
    channel._return_abandoned()
    assert QUEUE(channel).get().payload == {"number": 1}
    assert len(list((folder / "taken").iterdir())) == 1, "the folder of the killed worker is gone"


def test_a_queue_can_be_measured_and_emptied(connection: Connection) -> None:
    channel = connection.channel()
    put(connection, {"number": 1})
    put(connection, {"number": 2})
    assert channel._size("jobs") == 2
    assert channel.queue_purge("jobs") == 2
    with pytest.raises(Empty):
        channel._get("jobs")


def test_a_queue_whose_name_is_no_file_name_is_refused(connection: Connection) -> None:
    with pytest.raises(ValueError, match="cannot name a file"):
        connection.channel()._put("../jobs", {"properties": {"delivery_tag": "1"}})


def test_a_consumer_receives_what_is_published(connection: Connection) -> None:
    received: list[object] = []

    def receive(body: object, message) -> None:
        received.append(body)
        message.ack()

    with Consumer(connection.channel(), QUEUE, callbacks=[receive], accept=["json"]):
        put(connection, {"number": 1})
        connection.drain_events(timeout=5)
    assert received == [{"number": 1}]
