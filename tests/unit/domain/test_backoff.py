"""Delays after failures in a row."""

import pytest

from chat4all.domain.backoff import A_FIFTH_EITHER_WAY, backoff_s


@pytest.mark.parametrize(("failures", "whole"), [(0, 1), (1, 1), (2, 2), (4, 8), (5, 10), (1_000_000, 10)])
def test_it_doubles_up_to_a_longest_time(failures: int, whole: float) -> None:
    assert backoff_s(failures, 1, 10, chance=1) == whole
    assert backoff_s(failures, 1, 10, chance=0) == whole / 2


@pytest.mark.parametrize(("chance", "share"), [(0, 0.8), (0.5, 1), (1, 1.2)])
def test_chance_chooses_among_the_shares(chance: float, share: float) -> None:
    assert backoff_s(1, 5, 10, chance, A_FIFTH_EITHER_WAY) == pytest.approx(5 * share)
