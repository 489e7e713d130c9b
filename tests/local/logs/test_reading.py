"""Logs are read while they grow and are begun anew."""

from pathlib import Path

import pytest

from local.lambda_service.invocation_log import FunctionLog
from local.logs.reading import LogReader

ID = "1b58c85a-75e6-4c52-939c-080251136b62"
OTHER = "54edbf39-77e4-4ac6-b32a-b3d90270bc8c"


def raw(reader: LogReader) -> list[str]:
    return [read.raw for read in reader.new()]


def test_a_log_without_an_index(tmp_path: Path) -> None:
    path = tmp_path / "kafka.log"
    reader = LogReader(path)
    reader.begin(None, 20)
    assert raw(reader) == []
    path.write_bytes(b"one\ntwo \xff\nthr")
    assert raw(reader) == ["one", "two \N{REPLACEMENT CHARACTER}"]
    assert raw(reader) == []
    with path.open("ab") as log:
        log.write(b"ee\n" + b"x" * 3_000_000 + b"\n")
    assert raw(reader) == ["three", "x" * 3_000_000]
    path.write_bytes(b"anew\n")
    assert raw(reader) == ["anew"]
    path.unlink()
    assert raw(reader) == []
    path.write_bytes(b"once more\n")
    assert raw(reader) == ["once more"]


def test_a_function_log_through_rotation(tmp_path: Path) -> None:
    path = tmp_path / "app-Hello.log"
    log = FunctionLog(path, 1000)
    reader = LogReader(path)
    reader.begin(None, 20)
    found: list[str] = []
    for number in range(100):
        log.write("stream", f"line {number} {'x' * 50}\n".encode())
        if number % 7 == 0:
            found += raw(reader)
    found += raw(reader)
    log.close()
    assert [line.split()[1] for line in found] == [str(number) for number in range(100)]
    assert path.with_name("app-Hello.log.1").exists()


def test_lines_of_two_environments_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "app-Hello.log"
    log = FunctionLog(path, 1_000_000)
    log.write("a", f"START RequestId: {ID} Version: $LATEST\nfrom ".encode())
    log.write("b", f"START RequestId: {OTHER} Version: $LATEST\nother\n".encode())
    reader = LogReader(path)
    reader.begin(None, None)
    assert [read.line.request_id for read in reader.new()] == [ID, OTHER, OTHER]
    log.write("a", b"a\n")
    (read,) = reader.new()
    assert (read.raw, read.line.request_id) == ("from a", ID)
    assert read.line.time_ms is not None
    log.close()


@pytest.mark.parametrize("lines", [0, 1, 20])
def test_the_end_of_a_long_log_is_found_without_reading_all(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "app-Hello.log"
    log = FunctionLog(path, 1 << 30)
    for number in range(20_000):
        log.write("stream", f"line {number}\n".encode())
    log.close()
    reader = LogReader(path)
    reader.begin(None, lines)
    found = raw(reader)
    assert found[-1] == "line 19999"
    assert len(found) >= lines
