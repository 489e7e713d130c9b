"""Files whose time has come, of the sparse indexes by which sweepers find them."""

from collections.abc import Callable, Iterable

from chat4all.logs import logger
from chat4all.stores.files import SHARDS, File

RESERVE_MS = 10_000
"""Kept of the invocation's time."""


def see_to_each(
    due: Callable[[str], Iterable[File]], see_to: Callable[[str], None], remaining_ms: Callable[[], int]
) -> int:
    """Have `see_to` look at each file (its id) of each shard that is `due`, as far as the time goes; how many failed.

    One that fails holds back no other, and is seen again by the next pass.
    """
    failed = 0
    for shard in map(str, range(SHARDS)):
        for entry in due(shard):
            if remaining_ms() < RESERVE_MS:
                return failed
            try:
                see_to(entry.file_id)
            except Exception:
                logger.exception("file not seen to", file_id=entry.file_id)
                failed += 1
    return failed
