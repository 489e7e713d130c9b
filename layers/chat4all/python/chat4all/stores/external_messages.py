"""External messages: which of our messages a provider's id means, and the other way round."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as the provider counts its message ids: one person on one account."""

    channel: str
    account_id: str
    address: str

    def key_of_external(self, external_id: str) -> str:
        return f"{self.channel}:{self.account_id}:{self.address}:{external_id}"

    def key_of_own(self, message_id: str) -> str:
        return f"{self.channel}:{self.account_id}:{self.address}:of:{message_id}"


def find_by_external_id(chat: Chat, external_id: str) -> ExternalMessage | None:
    """Our message behind the provider's id."""
    return _find(chat.key_of_external(external_id))


def find_external_id(chat: Chat, message_id: str) -> str | None:
    """The provider's id of our message in `chat`; of the first part where it was split."""
    found = _find(chat.key_of_own(message_id))
    return None if found is None else found.external_id


def remember(
    chat: Chat, external_id: str, *, conversation_id: str, seq: int, message_id: str, first: bool = True
) -> None:
    """Write both ways; only the provider's id for a later part (`first` false). Repeating it changes nothing."""
    keys = [chat.key_of_external(external_id), *([chat.key_of_own(message_id)] if first else [])]
    with ExternalMessage.batch_write() as batch:
        for key in keys:
            batch.save(
                ExternalMessage(
                    key, conversation_id=conversation_id, seq=seq, message_id=message_id, external_id=external_id
                )
            )


def _find(key: str) -> ExternalMessage | None:
    try:
        return ExternalMessage.get(key, consistent_read=True)
    except ExternalMessage.DoesNotExist:
        return None
