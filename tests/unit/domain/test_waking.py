"""How often a conversation that stays behind is woken."""

import itertools

from chat4all.domain.waking import Waking


def woken(waking: Waking, until_s: int, each_s: int = 10, routed_through: int = 0) -> list[int]:
    times = []
    for second in range(0, until_s, each_s):
        waking.keep("0", {"c"})
        if waking.is_due("0", "c", routed_through, second * 1000):
            waking.woken("0", "c", routed_through, second * 1000)
            times.append(second)
    return times


def test_often_in_the_first_minute_then_ever_less_but_each_ten_minutes() -> None:
    times = woken(Waking(), 6 * 3600)
    assert times[:5] == [0, 10, 20, 30, 40]
    pauses = [b - a for a, b in itertools.pairwise(times)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 600


def test_at_once_when_it_has_got_on() -> None:
    waking = Waking()
    woken(waking, 3600)
    assert not waking.is_due("0", "c", 0, 3_601_000)
    assert waking.is_due("0", "c", 7, 3_601_000)
    waking.woken("0", "c", 7, 3_601_000)
    assert waking.is_due("0", "c", 7, 3_611_000)


def test_what_is_routed_is_forgotten_in_its_shard_only() -> None:
    waking = Waking()
    for shard in ("0", "1"):
        for second in (0, 1000):
            waking.woken(shard, "c", 0, second * 1000)
    waking.keep("0", ())
    assert waking.is_due("0", "c", 0, 1_000_001)
    assert not waking.is_due("1", "c", 0, 1_000_001)
