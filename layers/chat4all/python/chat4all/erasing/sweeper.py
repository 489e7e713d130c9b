"""The sweeper of erasures: goes on with each that is not done, and looks a last time when nothing can come any more."""

from collections.abc import Callable
from dataclasses import dataclass

from chat4all.clock import now_ms
from chat4all.erasing.batches import HasTime, TimeOver, delete_all, in_batches
from chat4all.erasing.conversations import erase_conversation
from chat4all.erasing.users import UserErasure
from chat4all.logs import logger
from chat4all.stores.erasures import CONVERSATION, FIRST_LOOK_MS, LAST_LOOK_MS, USER, WEBHOOK, Erasure, due
from chat4all.stores.webhooks import WebhookDelivery

RESERVE_MS = 10_000
"""Kept of the invocation's time."""
_AGAIN_MS = 5 * 60_000


@dataclass(slots=True)
class Erased:
    """What a pass did."""

    looked_at: int = 0
    done: int = 0
    """Looked at for the last time."""
    unfinished: int = 0
    failed: int = 0
    """Seen again by a later pass."""


class ErasureSweeper:
    """Makes one pass after the other; two at once do no harm."""

    def __init__(self, users: UserErasure) -> None:
        self._users = users

    def sweep(self, remaining_ms: Callable[[], int]) -> Erased:
        """Look at all that are due, as far as the time goes. One that fails holds back no other."""
        erased = Erased()
        for job in due(now_ms()):
            if remaining_ms() < RESERVE_MS:
                break
            erased.looked_at += 1
            self._see_to(job, lambda: remaining_ms() >= RESERVE_MS, erased)
        return erased

    def _see_to(self, job: Erasure, has_time: HasTime, erased: Erased) -> None:
        last = int(job.deleted_at) + LAST_LOOK_MS
        try:
            self._erase(job, has_time)
        except TimeOver:
            erased.unfinished += 1
            return
        except Exception:
            logger.exception("erasure not carried out", kind=job.kind, thing_id=job.thing_id)
            erased.failed += 1
            _moved(job, now_ms() + _AGAIN_MS)
            return
        if now_ms() < last:
            _moved(job, max(last, now_ms() + FIRST_LOOK_MS))
            return
        job.delete()
        logger.info("erased", kind=job.kind, thing_id=job.thing_id)
        erased.done += 1

    def _erase(self, job: Erasure, has_time: HasTime) -> None:
        if job.kind == CONVERSATION:
            erase_conversation(job, has_time)
        elif job.kind == USER:
            self._users.erase(job.thing_id, has_time)
        elif job.kind == WEBHOOK:
            found = WebhookDelivery.query(job.thing_id, consistent_read=True)
            in_batches(found, lambda some: delete_all(some, WebhookDelivery), has_time)


def _moved(job: Erasure, time_ms: int) -> None:
    """The later one first: a death in between leaves two, and each is looked at."""
    job.at(time_ms).save()
    job.delete()
