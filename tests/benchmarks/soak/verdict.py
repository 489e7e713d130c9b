"""Whether a measured quantity grows: the slope of a series with its confidence. Pure.

Samples of memory that follow one another are alike, so an ordinary regression over all of them would claim far too much
confidence. Hence the samples after the warm-up are averaged in at most `BLOCKS` blocks, and a line is laid through their
means: least squares, with Student's t for the 95 % interval of its slope.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from statistics import fmean

BLOCKS = 20
FEWEST_BLOCKS = 5
_T_975 = (
    12.706,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
    2.120,
)
"""Student's t, two-sided 95 %, for 1, 2, 3… degrees of freedom."""
_T_975_BEYOND = 2.11


class Verdict(Enum):
    FLAT = "flat"
    GROWS = "GROWS"
    UNCERTAIN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Slope:
    """Units an hour, with half the width of the 95 % interval."""

    per_hour: float
    margin: float
    mean: float

    def against(self, limit: float) -> Verdict:
        """GROWS: faster than `limit` units an hour, and certainly growing. FLAT: slower than that, with what confidence says."""
        if self.per_hour > limit:
            return Verdict.GROWS if self.per_hour - self.margin > 0 else Verdict.UNCERTAIN
        return Verdict.FLAT if self.per_hour + self.margin <= 2 * limit else Verdict.UNCERTAIN


def slope(times_s: Sequence[float], values: Sequence[float], warm_up_s: float) -> Slope | None:
    """Of the samples at least `warm_up_s` after the first; None where they are too few to say anything."""
    after = [(t, v) for t, v in zip(times_s, values, strict=True) if t - times_s[0] >= warm_up_s]
    count = min(BLOCKS, len(after) // 2)
    if count < FEWEST_BLOCKS:
        return None
    borders = [round(i * len(after) / count) for i in range(count + 1)]
    blocks = [after[begin:end] for begin, end in pairwise(borders)]
    return _line(
        [fmean(t for t, _ in block) / 3600 for block in blocks], [fmean(v for _, v in block) for block in blocks]
    )


def _line(x: Sequence[float], y: Sequence[float]) -> Slope:
    mean_x, mean_y = fmean(x), fmean(y)
    spread = sum((value - mean_x) ** 2 for value in x)
    per_hour = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    residual = sum((b - mean_y - per_hour * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True))
    freedom = len(x) - 2
    t = _T_975[freedom - 1] if freedom <= len(_T_975) else _T_975_BEYOND
    return Slope(per_hour, t * math.sqrt(residual / freedom / spread), mean_y)
