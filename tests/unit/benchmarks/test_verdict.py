"""The soak's verdict: what is flat passes and what grows does not, on series as memory makes them."""

import math
import random

import pytest

from tests.benchmarks.soak.verdict import Slope, Verdict, slope

HOUR = [15.0 * i for i in range(241)]
WARM_UP_S = 600


def measured(values: list[float]) -> Slope:
    found = slope(HOUR, values, WARM_UP_S)
    assert found is not None
    return found


def noise(seed: int, deviation: float, memory: float = 0.0) -> list[float]:
    """Noise whose samples resemble those before them by `memory` (0 to 1)."""
    draw, last, out = random.Random(seed), 0.0, []
    for _ in HOUR:
        last = memory * last + draw.gauss(0, deviation)
        out.append(last)
    return out


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("alike", [0.0, 0.8])
def test_noise_around_a_level_is_flat(seed: int, alike: float) -> None:
    found = measured([60 + value for value in noise(seed, 0.6, alike)])
    assert found.against(5) is Verdict.FLAT


@pytest.mark.parametrize("seed", range(20))
def test_a_leak_under_noise_grows(seed: int) -> None:
    values = [60 + 10 * t / 3600 + value for t, value in zip(HOUR, noise(seed, 0.6, 0.5), strict=True)]
    found = measured(values)
    assert found.against(5) is Verdict.GROWS
    assert found.per_hour == pytest.approx(10, abs=max(found.margin * 2, 1))


def test_what_the_warm_up_takes_does_not_count() -> None:
    values = [60 + 30 * (1 - math.exp(-t / 60)) for t in HOUR]
    assert measured(values).against(1) is Verdict.FLAT


def test_a_leak_in_steps_grows() -> None:
    assert measured([60 + 8 * (t // 900) for t in HOUR]).against(5) is Verdict.GROWS


def test_a_saw_tooth_is_flat_and_a_rising_one_is_not() -> None:
    saw = [60 + (t % 300) / 30 for t in HOUR]
    assert measured(saw).against(5) is Verdict.FLAT
    assert measured([value + 12 * t / 3600 for value, t in zip(saw, HOUR, strict=True)]).against(5) is Verdict.GROWS


def test_what_shrinks_is_flat() -> None:
    assert measured([90 - 20 * t / 3600 for t in HOUR]).against(5) is Verdict.FLAT


def test_wild_noise_is_no_verdict() -> None:
    assert measured([60 + value for value in noise(1, 80)]).against(1) is Verdict.UNCERTAIN


def test_a_constant_has_no_margin() -> None:
    assert measured([7.0] * len(HOUR)) == Slope(0.0, 0.0, 7.0)


def test_too_few_samples_say_nothing() -> None:
    assert slope(HOUR[:12], [1.0] * 12, 60) is None
    assert slope([], [], 60) is None
