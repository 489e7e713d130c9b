"""Readiness: all at once, never longer than the timeout, kept for a second."""

import threading

import pytest

from chat4all.config import Settings
from chat4all.health import Health, Readiness


def broken() -> None:
    raise ConnectionError("no route to 10.0.0.1")


def test_each_dependency_has_its_state() -> None:
    states = Readiness({"good": lambda: None, "bad": broken}).check()
    assert states["good"].document().keys() == {"status", "latency_ms"}
    assert states["good"].is_up
    assert states["bad"].document()["error"] == "ConnectionError"
    assert not states["bad"].is_up


def test_one_that_hangs_is_down_and_does_not_hold_up_the_others() -> None:
    end = threading.Event()
    try:
        states = Readiness({"hangs": lambda: _wait(end), "good": lambda: None}, timeout_s=0.05).check()
    finally:
        end.set()
    assert states["hangs"].document()["error"] == "timeout"
    assert states["good"].is_up


def test_an_answer_is_kept_for_a_while() -> None:
    asked: list[int] = []
    readiness = Readiness({"one": lambda: asked.append(1)})
    assert readiness.check() == readiness.check()
    assert asked == [1]


@pytest.mark.parametrize(("probe", "word"), [(lambda: None, "ready"), (broken, "degraded")])
def test_the_document(monkeypatch: pytest.MonkeyPatch, probe: object, word: str) -> None:
    monkeypatch.setattr("chat4all.dependency_probes.probes", lambda _settings: {"dynamodb": probe})
    is_ready, document = Health(Settings()).ready()
    assert (is_ready, document["status"]) == (word == "ready", word)
    assert document["dependencies"]["dynamodb"]["status"] == ("up" if is_ready else "down")


def _wait(end: threading.Event) -> None:
    end.wait(10)
