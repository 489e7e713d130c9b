"""How long to wait after failures in a row: doubling, with jitter, so that what failed together does not come back together
(AWS Builders' Library, "Timeouts, retries, and backoff with jitter").
"""

HALF_TO_WHOLE = (0.5, 1.0)
A_FIFTH_EITHER_WAY = (0.8, 1.2)


def backoff_s(
    failures: int, first_s: float, longest_s: float, chance: float, between: tuple[float, float] = HALF_TO_WHOLE
) -> float:
    """Seconds to wait after `failures` in a row (from 1): `first_s`, doubled by each further one up to `longest_s`.

    Args:
        chance: 0 to 1, drawn by the caller.
        between: the shares of it among which `chance` chooses.
    """
    least, most = between
    return min(longest_s, first_s * 2.0 ** min(max(failures - 1, 0), 30)) * (least + (most - least) * chance)
