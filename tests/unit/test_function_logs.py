"""A log, its index and the events in them."""

from pathlib import Path

import pytest

from local.function_logs import events, streams
from local.lambda_service.invocation_log import FunctionLog
from local.log_index import index_path, pieces, position_of


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "f.log"


def messages(log: Path, **given: object) -> list[tuple[str, str]]:
    return [(event.stream, event.message) for event in events(log, **given)]  # type: ignore[arg-type]


def test_lines_of_streams_that_write_at_once(log: Path) -> None:
    written = FunctionLog(log, 1 << 20)
    for stream, data in [
        ("a", b"one\ntw"),
        ("b", b"thr"),
        ("a", b"o\n\xff"),
        ("b", b"ee\r\n"),
        ("a", b"\nnot complete"),
    ]:
        written.write(stream, data)
    written.close()
    assert messages(log) == [("a", "one\n"), ("a", "two\n"), ("b", "three\r\n"), ("a", "\ufffd\n")]
    assert log.read_bytes() == b"one\ntwthro\n\xffee\r\n\nnot complete"
    assert [(each.name, each.size) for each in streams(log)] == [("a", 22), ("b", 7)]


def test_reading_from_the_middle_of_a_line(log: Path) -> None:
    written = FunctionLog(log, 1 << 20)
    for data in (b"a", b"b", b"c\nd", b"e\n"):
        written.write("s", data)
    found = list(events(log))
    assert [event.message for event in found] == ["abc\n", "de\n"]
    assert messages(log, after=found[0].id) == [("s", "de\n")]
    assert messages(log, after=found[1].id) == []
    written.write("s", b"f\n")
    assert messages(log, after=found[1].id) == [("s", "f\n")]
    written.close()


def test_a_log_that_was_begun_anew(log: Path) -> None:
    written = FunctionLog(log, 20)
    for number in range(6):
        written.write("s", f"line {number}\nbeg".encode())
        written.write("s", b"un\n")
    written.close()
    found = list(events(log))
    ids = [event.id for event in found]
    assert ids == sorted(set(ids))
    assert [event.message for event in found][-2:] == ["line 5\n", "begun\n"]
    for event in found:
        rest = [other.message for other in events(log, after=event.id)]
        assert rest == [other.message for other in found[found.index(event) + 1 :]]


def test_searching_by_time(log: Path) -> None:
    index = index_path(log)
    index.write_bytes(b"".join(b"%d %d 1 - s\n" % (time, time) for time in range(0, 3000, 3)) + b"half a li")
    for time in (-1, 0, 1, 3, 1499, 1500, 2997):
        first = next(pieces(index, position_of(index, time)))
        assert first.time_ms == max(0, -(-time // 3) * 3)
    assert list(pieces(index, position_of(index, 2998))) == []


def test_without_a_log(log: Path) -> None:
    assert (messages(log), streams(log), position_of(index_path(log), 5)) == ([], [], 0)


def test_an_index_with_garbage(log: Path) -> None:
    log.write_bytes(b"one\ntwo\n")
    index_path(log).write_bytes(b"1 0 4 - s\n\x00\xff garbage\n2 4 4 - s\n3 1000 10 - s\n")
    assert messages(log) == [("s", "one\n"), ("s", "two\n")]
