"""Removing a file, so that nothing of it is left, wherever whoever does it dies:

1. marked as leaving: from then on nobody finds it, and file_reviews finishes what is not finished;
2. what S3 has of it: parts, bytes, thumbnail;
3. the places in which it was sent;
4. its item, and what its owner's quota counts for it, in one transaction.

Messages keep the name of what they showed.
"""

from chat4all.clock import now_ms
from chat4all.domain.file_life import SETTLED_MS, UNUSED
from chat4all.errors import Unavailable
from chat4all.file_bucket import FileBucket
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import FILES
from chat4all.stores.file_writes import remove_file
from chat4all.stores.files import PENDING, File, FileUse, shard_of, stored_file
from chat4all.stores.table import update_if
from chat4all.uploads import Uploads

_ATTEMPTS = 3


class FileRemoval:
    """Any number may remove the same file at once."""

    def __init__(self, bucket: FileBucket, uploads: Uploads) -> None:
        self._bucket = bucket
        self._uploads = uploads

    def remove(self, file: File, why: str) -> None:
        """Remove it now; one that is gone already is no error.

        Args:
            why: one of domain.file_life.

        Raises:
            Unavailable: it may be marked, and is then removed within minutes.
        """
        if self.mark(file, why):
            self.finish(file.file_id)

    def mark(self, file: File, why: str) -> bool:
        """Let nobody find it any more, and have it looked at when whoever has found it before is done.

        False: it is gone, or (of one that is unused) it is being removed already. Raises Unavailable.
        """
        actions = [
            File.leaving.set(why),
            File.review_shard.set(shard_of(file.file_id)),
            File.review_at.set(now_ms() + SETTLED_MS),
        ]
        # What an owner has deleted is not taken for unused a moment later: that could be taken back.
        stands = File.file_id.exists() & File.leaving.does_not_exist() if why == UNUSED else File.file_id.exists()
        return update_if(file, [*actions], stands, "The file could not be deleted. Try again.")

    def finish(self, file_id: str) -> None:
        """Remove what is left of a file that is marked. Raises Unavailable."""
        for _ in range(_ATTEMPTS):
            file = stored_file(file_id)
            if file is None:
                return
            if file.part_count and file.status == PENDING:
                self._uploads.drop(file)
            self._bucket.delete(file_id)
            _forget_uses(file_id)
            if remove_file(file):
                count(FILES, "removed")
                return
        raise Unavailable("Others are changing this file. It is removed within minutes.")


def _forget_uses(file_id: str) -> None:
    with FileUse.batch_write() as batch:
        for use in FileUse.query(file_id, consistent_read=True):
            batch.delete(use)
