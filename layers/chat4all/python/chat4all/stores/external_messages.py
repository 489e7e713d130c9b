"""External messages: which of our messages a provider's id means, and the other way round."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class ExternalMessage(Table):
    """Two items a message: by the provider's id (to find what an answer answers), and by ours (to answer there)."""

    noun: ClassVar[str] = "external-messages"

    class Meta(Connection):
        pass

    external_key = UnicodeAttribute(hash_key=True)
    conversation_id = UnicodeAttribute()
    seq = NumberAttribute()
    message_id = UnicodeAttribute()
    external_id = UnicodeAttribute()
    sender_id = UnicodeAttribute(null=True)
    recipient_id = UnicodeAttribute(null=True)
    """Whom we sent it to; None: the contact wrote it."""
    part = NumberAttribute(default=0)
    sent_at = NumberAttribute(null=True)
    """When we handed it to the provider, milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class SentTo:
    """What is known of a part that we sent."""

    sender_id: str
    recipient_id: str
    part: int
    sent_at: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as the provider counts its message ids: one person on one account, by the address that is theirs with us."""

    channel: str
    account_id: str
    address: str

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.account_id}:{self.address}"

    def key_of_external(self, external_id: str) -> str:
        return f"{self.key}:{external_id}"

    def key_of_own(self, message_id: str) -> str:
        return f"{self.key}:of:{message_id}"


def find_by_external_id(chat: Chat, external_id: str) -> ExternalMessage | None:
    """Our message behind the provider's id."""
    return _find(chat.key_of_external(external_id))


def find_external_id(chat: Chat, message_id: str) -> str | None:
    """The provider's id of our message in `chat`; of the first part where it was split."""
    found = _find(chat.key_of_own(message_id))
    return None if found is None else found.external_id


def find_all_by_external_id(chat: Chat, external_ids: Iterable[str]) -> Iterator[ExternalMessage]:
    """Our messages behind the provider's ids, in no order."""
    keys = [chat.key_of_external(external_id) for external_id in external_ids]
    yield from ExternalMessage.batch_get(keys, consistent_read=True)


def remember(
    chat: Chat, external_id: str, *, conversation_id: str, seq: int, message_id: str, sent: SentTo | None = None
) -> ExternalMessage:
    """Write both ways; of a later part only the provider's id. Repeating it changes nothing."""
    facts = {} if sent is None else asdict(sent)
    by_external, by_own = (
        ExternalMessage(
            key, conversation_id=conversation_id, seq=seq, message_id=message_id, external_id=external_id, **facts
        )
        for key in (chat.key_of_external(external_id), chat.key_of_own(message_id))
    )
    with ExternalMessage.batch_write() as batch:
        batch.save(by_external)
        if sent is None or sent.part == 0:
            batch.save(by_own)
    return by_external


def _find(key: str) -> ExternalMessage | None:
    try:
        return ExternalMessage.get(key, consistent_read=True)
    except ExternalMessage.DoesNotExist:
        return None
