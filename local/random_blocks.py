"""Random bytes for ids."""

import os
from collections.abc import Iterator

_AT_ONCE = 256


def random_blocks(size: int) -> Iterator[bytes]:
    """`size` random bytes at a time. The kernel is asked for many at once: each call of it costs more than an id."""
    while True:
        pool = os.urandom(size * _AT_ONCE)
        yield from (pool[start : start + size] for start in range(0, len(pool), size))
