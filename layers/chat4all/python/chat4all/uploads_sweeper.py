"""The sweeper of uploads: removes what nobody has finished when its time is over, and asks again for checks that nobody makes.

A sparse index has the files that are pending or verifying, by the time at which each is to be looked at. Beside it stands the
rule of the bucket that aborts what S3 has of uploads that no item names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chat4all.clock import now_ms
from chat4all.domain.file_life import ABANDONED
from chat4all.due_files import see_to_each
from chat4all.errors import NotFound
from chat4all.file_check_requests import request_check
from chat4all.file_removal import FileRemoval
from chat4all.kafka.publisher import Publisher
from chat4all.logs import logger
from chat4all.stores.file_writes import FINISHED
from chat4all.stores.files import PENDING, VERIFYING, File, stored_file
from chat4all.upload_bucket import UploadBucket
from chat4all.upload_completion import UploadCompletion


@dataclass(slots=True)
class Swept:
    """What a sweep did."""

    removed: int = 0
    asked: int = 0
    """Checks that were asked for again."""
    moved_on: int = 0
    """Complete in S3, which nobody had noted."""
    failed: int = 0
    """Seen again by the next sweep."""


class UploadsSweeper:
    """Makes one pass after the other."""

    def __init__(
        self,
        removal: FileRemoval,
        completion: UploadCompletion,
        bucket: UploadBucket,
        publisher: Publisher,
    ) -> None:
        self._removal = removal
        self._completion = completion
        self._bucket = bucket
        self._publisher = publisher

    def sweep(self, remaining_ms: Callable[[], int]) -> Swept:
        """Look at all that is due, as far as the time goes. One that fails holds back no other."""
        swept = Swept()
        swept.failed = see_to_each(_due, lambda file_id: self._sweep(file_id, swept), remaining_ms)
        return swept

    def _sweep(self, file_id: str, swept: Swept) -> None:
        file = stored_file(file_id)
        if file is None or not file.unfinished_shard or int(file.sweep_at or 0) > now_ms():
            return  # the index is late
        if file.status == VERIFYING:
            swept.asked += request_check(self._publisher, file)
        elif file.status == PENDING and self._is_put_together(file):
            self._move_on(file)
            swept.moved_on += 1
        elif file.status == PENDING:
            self._removal.remove(file, ABANDONED)
            logger.info("abandoned upload removed", file_id=file_id, owner_id=file.owner_id)
            swept.removed += 1
        else:
            file.update(list(FINISHED))

    def _is_put_together(self, file: File) -> bool:
        return bool(file.part_count) and self._bucket.is_whole(file)

    def _move_on(self, file: File) -> None:
        try:
            self._completion.move_on(file)
        except NotFound:
            return  # deleted at this moment


def _due(shard: str) -> Iterable[File]:
    return File.unfinished.query(shard, File.sweep_at <= now_ms(), page_size=100)
