"""Tables as text."""

from collections.abc import Sequence

_LAST_WIDTH = 90


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their head, each column as wide as it needs; the last one is cut. Nothing where there are none."""
    if not rows:
        return
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*(line[:-1] for line in lines), strict=True)]
    for line in lines:
        last = line[-1] if len(line[-1]) <= _LAST_WIDTH else line[-1][: _LAST_WIDTH - 1] + "…"
        print("  ".join([*(cell.ljust(width) for cell, width in zip(line[:-1], widths, strict=True)), last]))
