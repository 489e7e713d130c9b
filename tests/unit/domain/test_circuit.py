"""How long a circuit breaker stays open."""

import pytest

from chat4all.domain.circuit import CircuitRules, open_for_s

RULES = CircuitRules(threshold=5, first_open_s=5, longest_open_s=300)


@pytest.mark.parametrize(("opens", "seconds"), [(1, 5), (2, 10), (3, 20), (7, 300), (1_000_000, 300)])
def test_it_doubles_up_to_a_longest_time(opens: int, seconds: float) -> None:
    assert open_for_s(opens, RULES, 0.5) == pytest.approx(seconds)


def test_chance_spreads_it_by_a_fifth_either_way() -> None:
    assert open_for_s(1, RULES, 0.0) == pytest.approx(4)
    assert open_for_s(1, RULES, 1.0) == pytest.approx(6)
