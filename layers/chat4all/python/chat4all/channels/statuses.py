"""What providers report of messages of ours, in whatever order: before the send's answer, for one message or up to a time.

Reports and sends meet by writing first and looking then: a webhook keeps what it cannot match and looks again, a connector
writes the provider's id and looks for what was kept. So of two that do this at once at least one finds the other.
"""

from collections.abc import Sequence
from itertools import islice

from chat4all.channels.delivery_events import delivery_reported
from chat4all.channels.inbound import StatusReport
from chat4all.clock import now_ms
from chat4all.domain.status import CEILING
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher
from chat4all.logs import logger
from chat4all.stores.chats import (
    early_report,
    keep_early_report,
    raise_watermark,
    sent_between,
    sent_part,
    told_through,
    watermark,
)
from chat4all.stores.external_messages import Chat, ExternalMessage, find_all_by_external_id, find_by_external_id

WATERMARKS = ("delivered", "read")
_AT_ONCE = 100


class Statuses:
    """Tells chat4all.status_updates of every delivery that a provider reports on."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def take(self, chat: Chat, report: StatusReport) -> None:
        """Tell of it, or keep it until its message is known.

        Raises:
            PublishFailed, Unavailable: it must be reported again.
        """
        time_ms = min(report.time_ms, now_ms())
        known = None
        if report.external_id is not None:
            known = _known_or_kept(chat, report, report.external_id, time_ms)
            if known is not None and known.recipient_id is not None:
                self._publisher.publish([delivery_reported(chat, known, report.status, time_ms, report.reason)])
        if report.through_ms is not None:
            before_known = int(known.sent_at) if known is not None and known.sent_at else report.through_ms
            self._take_watermark(chat, report.status, min(before_known, now_ms()), time_ms)

    def _take_watermark(self, chat: Chat, status: str, through_ms: int, time_ms: int) -> None:
        """All that was sent until `through_ms`; what a watermark before this one has told is not told again."""
        if status not in WATERMARKS:
            logger.warning("a watermark of another status is no watermark", status=status)
            return
        standing = watermark(chat, status)
        told = int(standing.told_ms or 0) if standing is not None else 0
        if through_ms <= told:
            return
        # Before the search, so that a send that is written behind it finds this.
        raise_watermark(chat, status, through_ms)
        parts = sent_between(chat, told, through_ms)
        while ids := list(islice(parts, _AT_ONCE)):
            found = sorted(find_all_by_external_id(chat, ids), key=lambda known: int(known.sent_at or 0))
            self._publisher.publish([delivery_reported(chat, known, status, time_ms, None) for known in found])
        told_through(chat, status, through_ms)


def reported_before(chat: Chat, known: ExternalMessage) -> Sequence[Event]:
    """What was reported of a part before its id was written: to be asked after writing it.

    Costs 3 read units, and 1 write unit for the entry; nothing on a channel that reports no more than that it took it.
    """
    if CEILING.get(chat.channel, "read") == "sent":
        return ()
    sent_ms = int(known.sent_at)
    sent_part(chat, known.external_id, sent_ms).save()
    events = []
    early = early_report(chat, known.external_id)
    if early is not None:
        events.append(delivery_reported(chat, known, early.status, int(early.time_ms), early.reason))
    for status in WATERMARKS:
        mark = watermark(chat, status)
        if mark is not None and sent_ms <= int(mark.through_ms):
            events.append(delivery_reported(chat, known, status, now_ms(), None))
    return events


def _known_or_kept(chat: Chat, report: StatusReport, external_id: str, time_ms: int) -> ExternalMessage | None:
    known = find_by_external_id(chat, external_id)
    if known is None:
        keep_early_report(chat, external_id, report.status, time_ms, report.reason, now_ms() // 1000)
        known = find_by_external_id(chat, external_id)
    return known
