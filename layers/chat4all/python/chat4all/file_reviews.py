"""Looking at files again and again: whether anybody needs them still, and finishing removals whose worker died.

What stands in a message is known from the messages alone, which unsends, deleted conversations and erased users change without a
word to files. So a look needs no help from any of them, and none of them can be forgotten.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chat4all import file_access
from chat4all.clock import now_ms
from chat4all.domain.file_life import AGE, DAY_MS, LOOK_EVERY_MS, UNUSED, Keep, KeepingRules, is_over_age, looked_at
from chat4all.due_files import see_to_each
from chat4all.file_removal import FileRemoval
from chat4all.logs import logger
from chat4all.stores.files import PENDING, VERIFYING, File, stored_file
from chat4all.stores.table import update_if
from chat4all.stores.users import User

_NOT_WRITTEN = "The look at a file could not be written down"


@dataclass(slots=True)
class Reviewed:
    """What a pass did."""

    looked_at: int = 0
    marked: int = 0
    """Nobody needs them: they are removed by a later pass."""
    removed: int = 0
    restored: int = 0
    """Somebody had sent them at the moment in which they were marked."""
    failed: int = 0
    """Seen again by the next pass."""


class FileReviews:
    """Makes one pass after the other; two at once do no harm."""

    def __init__(self, removal: FileRemoval, rules: KeepingRules) -> None:
        self._removal = removal
        self._rules = rules

    def run(self, remaining_ms: Callable[[], int]) -> Reviewed:
        """Look at all that are due, as far as the time goes. One that fails holds back no other."""
        done = Reviewed()
        done.failed = see_to_each(_due, lambda file_id: self._look(file_id, done), remaining_ms)
        return done

    def _look(self, file_id: str, done: Reviewed) -> None:
        file = stored_file(file_id)
        if file is None or int(file.review_at or 0) > now_ms():
            return  # the index is late
        done.looked_at += 1
        if file.leaving:
            self._finish(file, done)
            return
        verdict = self._verdict(file)
        if isinstance(verdict, Keep):
            _keep(file, verdict)
        elif self._removal.mark(file, verdict):
            logger.info("file is not needed", file_id=file_id, why=verdict)
            done.marked += 1

    def _verdict(self, file: File) -> Keep | str:
        """How long it is kept, or why not."""
        created_at, now = int(file.created_at), now_ms()
        if file.status in (PENDING, VERIFYING):
            return Keep(max(now, int(file.upload_expires_at or 0)) + DAY_MS)  # until then it is uploads_sweeper's
        if is_over_age(created_at, now, self._rules):
            return AGE
        is_shown = file_access.is_shown(file.file_id)
        verdict = looked_at(
            created_at=created_at,
            unused_since=int(file.unused_since) if file.unused_since else None,
            is_shown=is_shown,
            owner_is_gone=not is_shown and _is_gone(file.owner_id),
            now=now,
            rules=self._rules,
        )
        return verdict if isinstance(verdict, Keep) else verdict.why

    def _finish(self, file: File, done: Reviewed) -> None:
        """Of one that was taken for unused, see first whether a message came in that moment."""
        if file.leaving == UNUSED and file_access.is_shown(file.file_id):
            actions = [File.leaving.remove(), File.unused_since.remove(), File.review_at.set(now_ms() + LOOK_EVERY_MS)]
            done.restored += update_if(file, [*actions], File.leaving == UNUSED, _NOT_WRITTEN)
            return
        self._removal.finish(file.file_id)
        logger.info("file removed", file_id=file.file_id, why=file.leaving)
        done.removed += 1


def _due(shard: str) -> Iterable[File]:
    return File.reviews.query(shard, File.review_at <= now_ms(), page_size=100)


def _keep(file: File, verdict: Keep) -> None:
    since = File.unused_since
    actions = [File.review_at.set(verdict.look_at)]
    actions.append(since.set(verdict.unused_since) if verdict.unused_since is not None else since.remove())
    seen = (File.review_at == int(file.review_at)) & File.leaving.does_not_exist()
    update_if(file, [*actions], seen, _NOT_WRITTEN)


def _is_gone(user_id: str) -> bool:
    """Whether the account was deleted; guests have none."""
    try:
        return User.get(user_id, consistent_read=True).deleted_at is not None
    except User.DoesNotExist:
        return False
