"""Entries of a conversation's sequence: messages, changes of messages, and voids. Each is numbered, written once and published.

What a death after each step leaves (docs/decisions/0003 weighs the alternatives):

1. number taken (`Head.last_seq`): a hole, which the router makes void once its successor is old enough.
2. entry written, with its outbox entry in the same write: durable. The sweeper publishes it if step 3 does not.
3. published to Kafka: done. A failure of this step is no failure of the caller's, because step 2 is a promise.
"""

import zlib

from pynamodb.exceptions import PutError, PynamoDBException, UpdateError

from chat4all.clock import now_ms
from chat4all.domain.changes import VOID
from chat4all.errors import NotFound, Unavailable
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.logs import logger
from chat4all.message_events import entry_accepted
from chat4all.stores.heads import Head
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed, engine_now_ms
from chat4all.tracing.current import current


def take_number(conversation_id: str) -> int:
    """The next number of the conversation; raises NotFound, Unavailable. What is not written at it becomes void."""
    head = Head(conversation_id)
    try:
        head.update(actions=[Head.last_seq.add(1)], condition=Head.conversation_id.exists())
    except UpdateError as error:
        if condition_failed(error):
            raise NotFound("No such conversation") from None
        raise Unavailable("It could not be numbered. Try again, a message with the same message_id.") from error
    return int(head.last_seq)


def write(entry: Message, shards: int) -> bool:
    """Write `entry` at its number, to be found by the outbox's sweeper; False where something stands there already.

    Raises:
        Unavailable: it is not known whether it was written.
    """
    entry.written_at = engine_now_ms()
    trace = current()
    entry.traceparent = trace.traceparent if trace is not None else None
    entry.outbox_bucket = outbox_bucket(entry.conversation_id, entry.written_at, shards)
    try:
        entry.save(Message.conversation_id.does_not_exist())
    except PutError as error:
        if condition_failed(error):
            return False
        raise Unavailable("It could not be stored. Try again, a message with the same message_id.") from error
    return True


def void(conversation_id: str, seq: int) -> bool:
    """Say that nothing will ever stand at `seq`; False where something does after all.

    It is safe at any time: whoever was about to write there finds the number taken, and takes another.
    """
    try:
        nothing = Message(conversation_id, seq, type=VOID, created_at=now_ms(), written_at=engine_now_ms())
        nothing.save(Message.conversation_id.does_not_exist())
    except PutError as error:
        if condition_failed(error):
            return False
        raise
    return True


def publish(publisher: Publisher, entry: Message) -> None:
    """Wake the router with what is written. Never raises: what Kafka does not take, the outbox's sweeper publishes."""
    try:
        publisher.publish([entry_accepted(entry)])
    except PublishFailed as error:
        _left_to_the_outbox(entry, str(error))
    except Exception as error:
        logger.exception("not published", error=type(error).__name__)
        _left_to_the_outbox(entry, str(error))


def is_routed(entry: Message) -> bool:
    """Whether the router has passed `entry`; False where that is not known. Half a read unit."""
    try:
        return int(Head.get(entry.conversation_id).routed_through) >= int(entry.seq)
    except (PynamoDBException, Unavailable):
        return False


def outbox_bucket(conversation_id: str, now: int, shards: int) -> str:
    """Partition of the outbox index: `<shard>#<minute since 1970>`."""
    return f"{zlib.crc32(conversation_id.encode()) % shards}#{now // 60_000}"


def _left_to_the_outbox(entry: Message, cause: str) -> None:
    logger.warning("left to the outbox", conversation_id=entry.conversation_id, seq=int(entry.seq), cause=cause)
