"""Messages and what changes them, and the index from message_id to where a message stands."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.domain.reactions import UserReactions, of_users
from chat4all.stores.table import Connection, Table


class Outbox(GlobalSecondaryIndex["Message"]):
    """Messages and changes by the time of their writing: what the sweeper compares with `Head.routed_through`.

    The keys never change, so a message pays for its entry once (1 write unit), and nothing is paid to remove it.
    """

    class Meta:
        index_name = "outbox_by_time"
        projection = KeysOnlyProjection()

    outbox_bucket = UnicodeAttribute(hash_key=True)
    written_at = NumberAttribute(range_key=True)


class Message(Table):
    """An entry of the sequence: a message, a change of one (`type` edit, delete or react), or a void (domain.changes)."""

    noun: ClassVar[str] = "messages"

    class Meta(Connection):
        pass

    conversation_id = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)
    message_id = UnicodeAttribute(null=True)
    sender_id = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    """Where it came from: in_app, telegram, whatsapp, messenger or instagram."""
    type = UnicodeAttribute()
    content: Any = JSONAttribute(null=True)
    file: Any = JSONAttribute(null=True)
    """Of type file: what the message shows of it (file_access.facts); of several files of the first."""
    more_files: Any = JSONAttribute(null=True)
    """Of several files: what it shows of those behind the first, in their order."""
    channels: Any = JSONAttribute(null=True)
    """The channels the sender asked for; None: the routing rules decide."""
    reply_to = UnicodeAttribute(null=True)
    metadata: Any = JSONAttribute(null=True)
    created_at = NumberAttribute()
    outbox_bucket = UnicodeAttribute(null=True)
    """`<shard>#<minute since 1970>` of written_at."""
    written_at = NumberAttribute(null=True)
    """Milliseconds since 1970 by DynamoDB's clock. Not created_at: that is the time of the first try, by its environment's."""

    traceparent = UnicodeAttribute(null=True)
    """The trace in which it was written (W3C Trace Context): whoever publishes or routes it goes on in that."""

    revision = NumberAttribute(null=True)
    """Of a message: the number of the change that made its present state; None: as it was sent."""
    edited_at = NumberAttribute(null=True)
    deleted_at = NumberAttribute(null=True)
    """Milliseconds since 1970; then `content`, the files and `metadata` are gone."""

    reactions: Any = MapAttribute(null=True)
    """Of a message: {user id: {seq, emojis}} (domain.reactions). A map, so that users who react at once do not meet."""
    reactions_version = NumberAttribute(null=True)
    """Grows with every change of `reactions`: of two states that are told, the higher one is newer."""

    changes_seq = NumberAttribute(null=True)
    """Of a change: the number of the message that it changes; `message_id` is that message's, `sender_id` who changed it."""
    base = NumberAttribute(null=True)
    """Of a change: the revision that it was made from; 0: as it was sent. Of a reaction: the number of its user's last one."""

    outbox = Outbox()

    def files(self) -> list[dict[str, Any]]:
        """What it shows of each of its files, in their order."""
        return [self.file, *(self.more_files or ())] if self.file else []

    def reactions_of_users(self) -> dict[str, UserReactions]:
        """By user id; also those of users who took theirs back."""
        return of_users(self.reactions.as_dict()) if self.reactions is not None else {}


class MessageId(Table):
    """Claim of a message_id: makes a send idempotent, and finds a message by its id."""

    noun: ClassVar[str] = "message-ids"

    class Meta(Connection):
        pass

    message_id = UnicodeAttribute(hash_key=True)
    conversation_id = UnicodeAttribute()
    seq = NumberAttribute()
    sender_id = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    """SHA-256 of what was sent: the same id with other content is refused."""
    created_at = NumberAttribute()
