"""Dead letters as operators see them: of consumers and of mappings, open until they are replayed."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chat4all import config
from chat4all.admin import dead_letter_commands, operations
from chat4all.admin.cli import main
from chat4all.bootstrap import app
from chat4all.domain.audit import Entry
from chat4all.errors import Unavailable
from chat4all.kafka.dead_letters import SUFFIX, DeadLetter
from chat4all.kafka.publisher import PublishFailed
from local.event_source_mappings.event import Source
from local.event_source_mappings.failure_record import Cause, failure_record
from local.event_source_mappings.record import Record

TOPIC = "chat4all.messages"
CONVERSATION = "01939d5a-0000-7000-8000-0000000000c1"


@dataclass
class Audit:
    """In the place of the audit log; `away`: nothing can be written."""

    entries: list[Entry] = field(default_factory=list)
    away: bool = False

    def write(self, entry: Entry, _things: dict[str, str]) -> None:
        if self.away:
            raise Unavailable("The audit entry could not be stored")
        self.entries.append(entry)

    record = write


@dataclass
class Log:
    """In the place of a cluster: topics that are lists; what is sent is there at once."""

    records: dict[str, list[Any]] = field(default_factory=lambda: {TOPIC: [], TOPIC + SUFFIX: []})
    fails_after: int = 1000
    audit: Audit = field(default_factory=Audit)

    def names(self) -> set[str]:
        return set(self.records)

    def read(self, topic: str) -> Iterator[Any]:
        return iter(list(self.records[topic]))

    def record_at(self, topic: str, partition: int, offset: int) -> Any:
        return next((r for r in self.records[topic] if r.offset == offset), None)

    def send_as_is(self, topic: str, key: Any, value: Any, headers: Sequence[tuple[str, bytes]]) -> None:
        self.fails_after -= 1
        if self.fails_after < 0:
            raise PublishFailed("Kafka is away")
        record = SimpleNamespace(topic=topic, partition=0, offset=len(self.records[topic]), timestamp=7, key=key)
        record.value, record.headers = value, list(headers)
        self.records[topic].append(record)

    def bury(
        self, offset: int, cause: str = "a cause", *, consumer: str = "router", value: bytes | None = b"{}"
    ) -> None:
        letter = DeadLetter(TOPIC, 0, offset, CONVERSATION.encode(), value, cause, consumer, 3, offset, 1)
        self.send_as_is(TOPIC + SUFFIX, letter.key, letter.value, letter.headers)

    def bury_by_mapping(self, offset: int, *, with_value: bool) -> None:
        raw = {"topic": TOPIC, "partition": 0, "offset": offset, "timestamp": 5, "timestampType": "CREATE_TIME"}
        raw |= {"key": base64.b64encode(b"k").decode(), "value": base64.b64encode(b"v").decode(), "headers": []}
        record = Record(TOPIC, 0, offset, 5, b"k", json.dumps(raw).encode())
        cause = Cause(
            "RetriesExhausted", "id", "arn:aws:lambda:us-east-1:0:function:chat4all-Router:$LATEST", 10, "Unhandled"
        )
        document = failure_record(Source(None, "b:9092"), record, cause, datetime(2026, 11, 21, tzinfo=UTC), with_value)
        self.send_as_is(TOPIC + SUFFIX, b"k", document, [])


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    made = Log()

    @contextmanager
    def opened(_cluster: Any) -> Iterator[Log]:
        yield made

    monkeypatch.setattr(dead_letter_commands, "topics", opened)
    app.cache_clear()
    app().__dict__["publisher"] = made
    app().__dict__["audit"] = made.audit
    monkeypatch.setattr(operations, "_who", lambda: "arn:aws:iam::000000000000:user/op")
    yield made
    app.cache_clear()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["dead-letters", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def ids(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    code, out, _ = run(capsys, "list", "--json", *arguments)
    assert code == 0
    return [each["id"] for each in json.loads(out)]


def test_letters_are_listed_oldest_first_and_filtered(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.bury(5, "Not JSON")
    log.bury(2, "of version v2", consumer="realtime")
    assert ids(capsys) == [f"{TOPIC}-0@2", f"{TOPIC}-0@5"]
    assert ids(capsys, "--cause", "not json") == [f"{TOPIC}-0@5"]
    assert ids(capsys, "--consumer", "realtime", "--topic", TOPIC) == [f"{TOPIC}-0@2"]
    assert ids(capsys, "--conversation", CONVERSATION) == [f"{TOPIC}-0@2", f"{TOPIC}-0@5"]
    assert ids(capsys, "--conversation", "another") == []
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "of version v2" in out
    assert out.endswith("2 open\n")


def test_of_letters_of_one_origin_the_last_counts(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.bury(5, "first")
    log.bury(5, "second")
    _, out, _ = run(capsys, "list", "--json")
    assert [each["cause"] for each in json.loads(out)] == ["second"]


def test_one_is_shown_with_what_it_holds(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.bury(1, value=b'{"a": 1}')
    log.bury(2, value=b"text")
    log.bury(3, value=b"\xff")
    shown = [json.loads(run(capsys, "show", f"{TOPIC}-0@{offset}")[1]) for offset in (1, 2, 3)]
    assert (shown[0]["value"], shown[1]["text"], shown[2]["base64"]) == ({"a": 1}, "text", "/w==")
    assert shown[0]["conversation"] == CONVERSATION
    assert (shown[0]["tries"], shown[0]["consumer"], shown[0]["replayed_at_ms"]) == (3, "router", None)


def test_documents_of_mappings_are_letters_too(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.bury_by_mapping(9, with_value=True)
    _, out, _ = run(capsys, "list", "--json")
    (letter,) = json.loads(out)
    assert letter["id"] == f"{TOPIC}-0@9"
    assert letter["cause"] == "the mapping gave up: RetriesExhausted, function error Unhandled"
    assert (letter["consumer"], letter["tries"], letter["bytes"]) == ("chat4all-Router", 10, 1)


def test_what_is_neither_is_listed_and_cannot_be_replayed(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.send_as_is(TOPIC + SUFFIX, None, b"whatever", [])
    (name,) = ids(capsys)
    code, _, error = run(capsys, "replay", name)
    assert code == 1
    assert "neither a letter nor a mapping's document" in error


def test_a_replay_sends_marks_and_leaves_the_rest_open(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    for offset in (1, 2, 3):
        log.bury(offset, "odd" if offset % 2 else "even", value=str(offset).encode())
    code, out, progress = run(capsys, "replay", "--cause", "odd")
    assert (code, out) == (0, f"2 replayed, 2 to {TOPIC}\n")
    assert progress.splitlines()[-1] == f"replayed 2 of 2: {TOPIC}-0@3"
    assert [(r.key, r.value) for r in log.records[TOPIC]] == [
        (CONVERSATION.encode(), b"1"),
        (CONVERSATION.encode(), b"3"),
    ]
    assert ids(capsys) == [f"{TOPIC}-0@2"]
    assert len(ids(capsys, "--all")) == 3
    assert "1 open, 2 replayed (--all lists them)" in run(capsys, "list")[1]


def test_a_dry_run_sends_nothing(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.bury(1)
    assert run(capsys, "replay", "--every", "--dry-run")[1].endswith("1 would be replayed\n")
    assert json.loads(run(capsys, "replay", "--every", "--dry-run", "--json")[1]) == {"would_replay": [f"{TOPIC}-0@1"]}
    assert log.records[TOPIC] == []
    assert ids(capsys) == [f"{TOPIC}-0@1"]


def test_a_value_that_was_left_out_is_read_where_it_came_from(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.send_as_is(TOPIC, b"k", b"large", [])
    log.bury_by_mapping(0, with_value=False)
    assert run(capsys, "replay", "--every")[0] == 0
    assert log.records[TOPIC][-1].value == b"large"
    log.bury(77, value=None)
    code, _, error = run(capsys, "replay", "--every")
    assert code == 1
    assert "the topic no longer has the record" in error


def test_a_replay_is_recorded_before_it_begins_and_not_done_where_that_fails(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    log.bury(1)
    log.audit.away = True
    code, _, error = run(capsys, "replay", "--every")
    assert (code, "nothing was done" in error) == (1, True)
    assert ids(capsys) == [f"{TOPIC}-0@1"]
    log.audit.away = False
    assert run(capsys, "replay", "--every")[0] == 0
    assert [(e.action, e.outcome, e.actor, e.target) for e in log.audit.entries] == [
        ("dead_letter.replay", outcome, "operator:arn:aws:iam::000000000000:user/op", f"{TOPIC}-0@1")
        for outcome in ("begun", "done")
    ]


def test_a_replay_that_is_interrupted_is_recorded_as_failed(
    log: Log, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    log.bury(1)
    monkeypatch.setattr(log, "send_as_is", interrupted)
    assert run(capsys, "replay", "--every")[0] == 1
    assert [(e.outcome, e.code) for e in log.audit.entries] == [("begun", None), ("failed", "KeyboardInterrupt")]


def test_a_replay_that_kafka_stops_goes_on_from_there(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    for offset in (1, 2, 3):
        log.bury(offset)
    log.fails_after = 3
    code, _, error = run(capsys, "replay", "--every")
    assert code == 1
    assert f"{TOPIC}-0@2 was not sent" in error
    assert ids(capsys) == [f"{TOPIC}-0@2", f"{TOPIC}-0@3"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["replay"], "say which: ids, --topic"),
        (["show", "nothing"], "there is no dead letter nothing: ids look like"),
        (["replay", f"{TOPIC}-0@99"], "there is no dead letter"),
        (["list", "--topic", "poems"], f"there is no topic poems{SUFFIX}; topics with dead letters are: {TOPIC}"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    log: Log, capsys: pytest.CaptureFixture[str], arguments: list[str], error: str
) -> None:
    code, out, told = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert told.startswith(f"error: {error}")


def test_what_was_replayed_is_not_sent_again_by_its_id_without_a_word(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    log.bury(1)
    name = f"{TOPIC}-0@1"
    assert run(capsys, "replay", name)[0] == 0
    code, _, error = run(capsys, "replay", name)
    assert (code, "--again" in error) == (1, True)
    assert run(capsys, "replay", name, "--again")[0] == 0
    assert len(log.records[TOPIC]) == 2


def test_a_cluster_that_does_not_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    config.settings.cache_clear()
    app.cache_clear()
    code, _, error = run(capsys, "list")
    config.settings.cache_clear()
    app.cache_clear()
    assert code == 1
    assert error.startswith("error: Kafka does not answer at 127.0.0.1:1: ")
