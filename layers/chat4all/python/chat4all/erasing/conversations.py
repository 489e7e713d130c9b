"""What a deleted conversation leaves: its messages, their ids, deliveries, routing choices, and providers' ids of them."""

from collections.abc import Sequence

from chat4all.erasing.batches import HasTime, delete_all, in_batches
from chat4all.erasing.members import forget_members, note
from chat4all.stores.deliveries import Delivery
from chat4all.stores.erasures import Erasure
from chat4all.stores.external_messages import Chat, ExternalMessage
from chat4all.stores.former_members import FormerMember
from chat4all.stores.members import Member
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.routing_rules import RoutingChoice

_IN_APP = "in_app"


def erase_conversation(job: Erasure, has_time: HasTime) -> None:
    """Remove all that is left. Nobody joins or sends where there is no head, so it ends. Raises TimeOver."""
    where = job.thing_id
    forget_members(job, list(Member.query(where, consistent_read=True)))
    former = list(FormerMember.query(where, consistent_read=True))
    note(job, former)
    in_batches(Delivery.query(where, consistent_read=True), _delete_deliveries, has_time)
    in_batches(RoutingChoice.query(where, consistent_read=True), lambda some: delete_all(some, RoutingChoice), has_time)
    chats = [Chat(way["channel"], way["account_id"], way["address"]) for way in job.addresses or ()]
    in_batches(Message.query(where, consistent_read=True), lambda some: _delete_messages(some, chats), has_time)
    in_batches(former, lambda some: delete_all(some, FormerMember), has_time)


def _delete_deliveries(deliveries: Sequence[Delivery]) -> None:
    """The providers' ids first: they are found by the deliveries."""
    keys: set[str] = set()
    for each in deliveries:
        chat = Chat(each.channel, each.account_id, each.address)
        ids = [each.external_id, *(part.get("external_id") for part in (each.album or {}).values())]
        keys |= {chat.key_of_external(external_id) for external_id in ids if external_id}
        keys.add(chat.key_of_own(each.message_id))
    delete_all([ExternalMessage(key) for key in sorted(keys)], ExternalMessage)
    delete_all(deliveries, Delivery)


def _delete_messages(messages: Sequence[Message], chats: Sequence[Chat]) -> None:
    """What finds a message first, and the message last."""
    _forget_received([m for m in messages if m.message_id and m.channel not in (None, _IN_APP)], chats)
    ids = {str(m.message_id) for m in messages if m.message_id}
    delete_all([MessageId(message_id) for message_id in sorted(ids)], MessageId)
    delete_all(messages, Message)


def _forget_received(messages: Sequence[Message], chats: Sequence[Chat]) -> None:
    """Of messages that contacts wrote, the providers' ids: kept by the chat and our id."""
    asked = {chat.key_of_own(str(m.message_id)): chat for m in messages for chat in chats if chat.channel == m.channel}
    if asked:
        found = list(ExternalMessage.batch_get(list(asked), consistent_read=True))
        keys = {asked[each.external_key].key_of_external(each.external_id) for each in found}
        keys |= {str(each.external_key) for each in found}
        delete_all([ExternalMessage(key) for key in sorted(keys)], ExternalMessage)
