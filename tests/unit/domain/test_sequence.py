"""A reader never skips a number that is still being written."""

from hypothesis import given
from hypothesis import strategies as st

from chat4all.domain.sequence import complete_through, missing

SEQS = st.sets(st.integers(1, 60)).map(sorted)


def test_a_hole_ends_what_is_complete() -> None:
    assert complete_through(4, [5, 6, 8]) == 6
    assert complete_through(4, [6, 7]) == 4
    assert complete_through(0, []) == 0


def test_missing_names_the_holes() -> None:
    assert missing(2, [4, 5, 8]) == [3, 6, 7]
    assert missing(2, [3, 4]) == []


@given(SEQS)
def test_everything_up_to_complete_through_was_seen(seqs: list[int]) -> None:
    through = complete_through(0, seqs)
    assert set(range(1, through + 1)) <= set(seqs)
    assert through + 1 not in seqs


@given(SEQS)
def test_missing_and_seen_make_the_whole(seqs: list[int]) -> None:
    assert sorted([*seqs, *missing(0, seqs)]) == list(range(1, (seqs[-1] if seqs else 0) + 1))
