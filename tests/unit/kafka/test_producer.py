"""Connecting goes on while nobody waits."""

from threading import Event

import pytest

from chat4all.kafka import publisher
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.producer import Connecting
from chat4all.kafka.publisher import Publisher, PublishFailed


def test_who_stops_waiting_leaves_the_producer_to_the_next() -> None:
    signed_in = Event()

    def make() -> str:
        signed_in.wait()
        return "producer"

    connecting = Connecting(make)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            connecting.wait(0)
    assert not connecting.ended
    signed_in.set()
    assert connecting.wait(10) == "producer"
    assert connecting.ended


def test_what_kept_it_from_connecting_is_told() -> None:
    def make() -> str:
        raise ConnectionRefusedError("nobody listens")

    with pytest.raises(ConnectionRefusedError, match="nobody listens"):
        Connecting(make).wait(10)


def test_a_publish_that_gave_up_connects_once_only_and_one_that_failed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Event] = []

    def make(_cluster: Cluster, _max_block_s: float) -> None:
        begun.append(Event())
        begun[-1].wait(10)
        raise ConnectionRefusedError

    monkeypatch.setattr(publisher, "make_producer", make)
    monkeypatch.setattr(Publisher, "_pause", lambda _self: None)
    slow = Publisher(Cluster("a:1"), timeout_s=0.05)
    for _ in range(2):
        with pytest.raises(PublishFailed, match="TimeoutError"):
            slow.send_as_is("t", None, b"", [])
    assert len(begun) == 1
    begun[0].set()
    slow._timeout_s = 10
    with pytest.raises(PublishFailed, match="ConnectionRefusedError"):
        slow.send_as_is("t", None, b"", [])
    slow._timeout_s = 0.05
    with pytest.raises(PublishFailed, match="TimeoutError"):
        slow.send_as_is("t", None, b"", [])
    assert len(begun) == 2
    begun[1].set()
