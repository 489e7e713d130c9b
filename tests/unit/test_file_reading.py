"""Ranges are fetched ahead, come in order, and are never all held."""

import threading
from collections.abc import Callable

import pytest

from chat4all.errors import Unavailable
from chat4all.file_reading import read_ahead


class Fetched:
    """Counts what was fetched."""

    def __init__(self, fetch: Callable[[int], bytes]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self.count = 0

    def __call__(self, number: int) -> bytes:
        with self._lock:
            self.count += 1
        return self._fetch(number)


def numbered(number: int) -> bytes:
    return b"%d" % number


def test_ranges_come_in_order_and_at_most_four_are_ahead() -> None:
    fetch = Fetched(numbered)
    for number, chunk in enumerate(read_ahead(fetch, range(50))):
        assert chunk == numbered(number)
        assert fetch.count <= number + 1 + 4
    assert fetch.count == 50


def test_several_are_fetched_at_the_same_time() -> None:
    meeting = threading.Barrier(4, timeout=30)

    def fetch(number: int) -> bytes:
        meeting.wait()
        return numbered(number)

    assert list(read_ahead(fetch, range(4))) == [numbered(number) for number in range(4)]


def test_an_error_comes_in_its_place() -> None:
    def fetch(number: int) -> bytes:
        if number == 2:
            raise Unavailable("away")
        return numbered(number)

    chunks = read_ahead(fetch, range(9))
    assert [next(chunks), next(chunks)] == [b"0", b"1"]
    with pytest.raises(Unavailable):
        next(chunks)


def test_who_stops_early_leaves_no_thread() -> None:
    before, fetch = threading.active_count(), Fetched(numbered)
    chunks = read_ahead(fetch, range(1000))
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
    assert fetch.count <= 6


def test_nothing_is_nothing() -> None:
    assert list(read_ahead(numbered, ())) == []
