from pathlib import Path
from typing import Any

from local.console.log_lines import LogFollower, shown, split_log
from local.lambda_service.invocation_log import FunctionLog


def texts(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["stream"], line["text"]) for line in lines]


def test_lines_of_two_streams_are_put_together(tmp_path: Path) -> None:
    log, follower = FunctionLog(tmp_path / "f.log", 1 << 20), LogFollower(tmp_path / "f.log")
    assert follower.read() == []
    log.write("one", b"begun ")
    log.write("two", b"whole\n")
    assert follower.has_more()
    assert texts(follower.read()) == [("two", "whole")]
    log.write("one", b"ended\nnext\n")
    assert texts(follower.read()) == [("one", "begun ended"), ("one", "next")]
    assert not follower.has_more()
    log.close()


def test_a_long_log_is_shown_from_near_its_end(tmp_path: Path) -> None:
    log = FunctionLog(tmp_path / "f.log", 1 << 20)
    for number in range(3000):
        log.write("s", b"%d\n" % number)
    follower = LogFollower(tmp_path / "f.log")
    lines = follower.read()
    while follower.has_more():
        lines += follower.read()
    log.close()
    assert lines[-1]["text"] == "2999"
    assert 100 < len(lines) < 3000


def test_a_log_that_is_begun_anew_is_followed_without_a_gap(tmp_path: Path) -> None:
    log, follower = FunctionLog(tmp_path / "f.log", 8), LogFollower(tmp_path / "f.log")
    log.write("s", b"first\n")
    assert texts(follower.read()) == [("s", "first")]
    log.write("s", b"second\n")
    log.write("s", b"third, in another file\n")
    assert follower.has_more()
    assert texts(follower.read()) == [("s", "second"), ("s", "third, in another file")]
    assert not follower.has_more()
    log.close()


def test_a_log_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    follower = LogFollower(tmp_path / "none.log")
    assert not follower.has_more()
    assert follower.read() == []


def test_what_is_no_text_and_what_is_too_long_is_shown_all_the_same() -> None:
    assert shown(b"\xff\r") == "\ufffd"
    assert shown(b"x" * 40_000).endswith("… (40000 bytes)")
    assert list(split_log(b"a\nb\n")) == ["a", "b"]
    assert list(split_log(b"")) == []
