"""The engine's clock, learned from its answers."""

from chat4all.stores.engine_clock import EngineClock

NOON = "Sat, 21 Nov 2026 12:00:00 GMT"
NOON_MS = 1795262400000


class Monotonic:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_goes_on_from_the_first_answer_of_a_second_whatever_the_machines_clock_says() -> None:
    monotonic, wall = Monotonic(), Monotonic()
    clock = EngineClock(monotonic, wall)
    assert clock.now_ms() == 100_000
    clock.seen(NOON)
    assert clock.now_ms() == NOON_MS
    wall.now += 7200
    monotonic.now += 0.5
    clock.seen(NOON)
    assert clock.now_ms() == NOON_MS + 500
    clock.seen("Sat, 21 Nov 2026 12:00:02 GMT")
    assert clock.now_ms() == NOON_MS + 2000


def test_what_is_no_date_is_passed_over() -> None:
    clock = EngineClock(Monotonic(), Monotonic())
    for text in (None, "", "yesterday", "Sat, 99 Nov 2026 12:00:00 GMT"):
        clock.seen(text)
    assert clock.now_ms() == 100_000
