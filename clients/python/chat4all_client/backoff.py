"""How long to wait before the next try."""

import random

FIRST_S, LONGEST_S = 0.5, 30.0
_CHANCE = random.Random()  # noqa: S311 - no secret hangs on it


def delay_s(tries: int, asked_s: float = 0.0, chance: random.Random = _CHANCE) -> float:
    """Seconds after `tries` tries in vain: growing, and at random, so that those who failed together do not come back together.

    `asked_s` is what the server asks for (Retry-After): never less than that.
    """
    ceiling = min(LONGEST_S, FIRST_S * 2 ** min(tries - 1, 16))
    return asked_s + chance.uniform(ceiling / 2, ceiling)
