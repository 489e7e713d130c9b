"""How far a reader may trust the sequence: a number that is taken is not yet a message that is written."""

from collections.abc import Iterable


def complete_through(after_seq: int, seqs: Iterable[int]) -> int:
    """The highest number up to which nothing is missing behind `after_seq`; `seqs` ascending, voids included."""
    reached = after_seq
    for seq in seqs:
        if seq != reached + 1:
            break
        reached = seq
    return reached


def missing(after_seq: int, seqs: Iterable[int]) -> list[int]:
    """Numbers behind `after_seq` that are absent before the highest of `seqs` (ascending)."""
    holes: list[int] = []
    expected = after_seq + 1
    for seq in seqs:
        holes.extend(range(expected, seq))
        expected = seq + 1
    return holes
