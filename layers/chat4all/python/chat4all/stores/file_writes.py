"""A file and what its owner's quota counts for it, written together: the quota is exact, and given back once."""

import random
import time
from collections.abc import Callable, Sequence

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.domain.backoff import backoff_s
from chat4all.errors import Unavailable
from chat4all.stores.file_quotas import FileQuota
from chat4all.stores.files import File
from chat4all.stores.table import condition_failed, is_unavailable, met_another

_ATTEMPTS, _FIRST_DELAY_S, _LONGEST_DELAY_S = 8, 0.02, 0.5

FINISHED: tuple[Action, ...] = (File.unfinished_shard.remove(), File.sweep_at.remove())
"""What a file that is completed or failed has no more."""


def as_counted(file: File) -> Condition:
    """Whether the item stands and counts what `file` says: what is given back is given back once."""
    counted = int(file.counted_bytes or 0)
    same: Condition = File.counted_bytes == counted if counted else File.counted_bytes.does_not_exist()
    stands: Condition = same & File.file_id.exists()
    return stands


def count_file(file: File, most_bytes: int, most_uploads: int) -> bool:
    """Write the new item of `file`, and count it; False where there is one, or the quota has no room (see stores.file_quotas).

    Raises:
        Unavailable.
    """
    size, uploads = int(file.counted_bytes or 0), int(bool(file.part_count))
    room = FileQuota.total_bytes.does_not_exist() | (FileQuota.total_bytes <= most_bytes - size)
    if uploads:
        room &= FileQuota.uploads.does_not_exist() | (FileQuota.uploads < most_uploads)

    def write(transaction: TransactWrite) -> None:
        transaction.save(file, condition=File.file_id.does_not_exist())
        transaction.update(FileQuota(file.owner_id), actions=_counts(size, uploads), condition=room)

    return _written(write)


def settle(file: File, actions: Sequence[Action], *, gives_back: bool) -> bool:
    """Change the item of an upload that ends, if its status is still that of `file`; False where it is not.

    Args:
        gives_back: whether the bytes leave the quota; an upload in parts leaves the unfinished ones in any case.

    Raises:
        Unavailable.
    """
    size = int(file.counted_bytes or 0) if gives_back else 0
    changes = [*actions, *FINISHED, *([File.counted_bytes.remove()] if gives_back else [])]
    stands = as_counted(file) & (File.status == file.status)

    def write(transaction: TransactWrite) -> None:
        transaction.update(File(file.file_id), actions=changes, condition=stands)
        _give_back(transaction, file, size)

    return _written(write)


def remove_file(file: File) -> bool:
    """Delete the item and give back what it counts; False where it has changed since `file` was read, or is gone.

    Raises:
        Unavailable.
    """
    stands = as_counted(file) & (File.status == file.status)

    def write(transaction: TransactWrite) -> None:
        transaction.delete(File(file.file_id), condition=stands)
        _give_back(transaction, file, int(file.counted_bytes or 0))

    return _written(write)


def _give_back(transaction: TransactWrite, file: File, size: int) -> None:
    uploads = int(bool(file.part_count and file.unfinished_shard))
    if size or uploads:
        transaction.update(FileQuota(file.owner_id), actions=_counts(-size, -uploads))


def _counts(size: int, uploads: int) -> list[Action]:
    return [FileQuota.total_bytes.add(size), FileQuota.uploads.add(uploads)]


def _written(write: Callable[[TransactWrite], None]) -> bool:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with TransactWrite(connection=File.client()) as transaction:
                write(transaction)
        except TransactWriteError as error:
            if condition_failed(error):
                return False
            if not met_another(error):
                if is_unavailable(error):
                    raise Unavailable("The file could not be written down. Try again.") from error
                raise
            time.sleep(backoff_s(attempt, _FIRST_DELAY_S, _LONGEST_DELAY_S, random.random()))  # noqa: S311
        else:
            return True
    raise Unavailable("Others of your files are being written at this moment. Try again.")
