"""Files that contacts send: known before their bytes are here, so that the message need not wait for them.

`begin` makes the file's item, then the message is sent with its id, then `request_fetch` has the function media_fetch get the
bytes (channels.media_fetch). A death after each step is made good by the provider's repeat: the id is derived, so it is one file.
"""

from dataclasses import asdict

from pynamodb.exceptions import PutError

from chat4all.channels.inbound import Inbound, Media
from chat4all.clock import now_ms
from chat4all.domain.file_life import first_look
from chat4all.domain.file_names import display_name
from chat4all.domain.media_types import fitting_kind, media_type
from chat4all.errors import Unavailable
from chat4all.ids import derived_id
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.kafka.topics import Topic
from chat4all.stores.accounts import Account
from chat4all.stores.files import PENDING, File, due_for_review
from chat4all.stores.identities import Identity
from chat4all.stores.table import condition_failed

MEDIA_REQUESTED = "chat4all.media.requested.v1"


class InboundMedia:
    """Begins files and has them fetched."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def begin(self, account: Account, identity: Identity, inbound: Inbound) -> str:
        """The id of the file of `inbound` (which has `media`): pending at first, the same one at each repeat.

        Raises:
            Unavailable: the provider must repeat it.
        """
        media = inbound.media
        assert media is not None, "only messages with media have files"
        content_type, now = media_type(media.content_type), now_ms()
        file_id = _file_id(account, identity, inbound)
        item = File(
            file_id,
            owner_id=identity.user_id,
            filename=display_name(media.filename, otherwise=media.kind),
            content_type=content_type,
            kind=media.kind if media.content_type is None else fitting_kind(media.kind, content_type),
            size=media.size,
            status=PENDING,
            created_at=now,
            **due_for_review(file_id, first_look(now)),
        )
        try:
            item.save(File.file_id.does_not_exist())
        except PutError as error:
            if not condition_failed(error):
                raise Unavailable("The file could not be written down. Send it again.") from error
        return str(item.file_id)

    def request_fetch(
        self, account: Account, identity: Identity, media: Media, file_id: str, conversation_id: str
    ) -> None:
        """Have the bytes fetched, once the message is accepted in `conversation_id`; asking again does no harm.

        Raises:
            Unavailable: Kafka did not take it; the provider must repeat the message.
        """
        data = {
            "file_id": file_id,
            "conversation_id": conversation_id,
            "channel": account.channel,
            "account_id": account.id,
            "address": identity.address,
            "media": asdict(media),
        }
        try:
            self._publisher.publish([Event(Topic.INBOUND_MEDIA, MEDIA_REQUESTED, conversation_id, data, now_ms())])
        except PublishFailed as error:
            raise Unavailable("The file could not be asked for yet. Send it again.") from error


def _file_id(account: Account, identity: Identity, inbound: Inbound) -> str:
    chat = inbound.chat or identity.address  # external ids are unique in a chat
    return derived_id("file", f"{account.channel}:{account.id}:{chat}:{inbound.external_id}")
