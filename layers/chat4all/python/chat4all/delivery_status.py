"""What became of deliveries, as connectors report it: written where it rises, and told to the sender, if still a member."""

from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chat4all.client_events import message_status
from chat4all.domain.status import below, has_reached, rises
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import DELIVERIES, MESSAGES_DELIVERED
from chat4all.stores.deliveries import Delivery, delivery_key, way_prefix, ways
from chat4all.stores.members import Member
from chat4all.stores.table import condition_failed


def delivery_of(record: Record) -> str:
    """Which delivery a report is of."""
    data = record.event["data"]
    return f"{data['conversation_id']}#{_key(data)}"


class DeliveryStatuses:
    """Applies reports; each may come twice and in any order."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def apply(self, data: Mapping[str, Any]) -> None:
        """Take one `chat4all.delivery.updated.v1` (kafka.schemas.DeliveryUpdated).

        Raises:
            PublishFailed: not told; the report comes again.
        """
        try:
            delivery = Delivery.get(data["conversation_id"], _key(data), consistent_read=True)
        except Delivery.DoesNotExist:
            return  # The conversation was deleted.
        if rises(delivery.status, data["status"]):
            self._raise(delivery, data)
        elif delivery.status != data["status"]:
            return
        if delivery.is_substitute:
            return  # It says nothing of the message that it is about.
        if not _is_member(data["conversation_id"], data["sender_id"]):
            return  # Who has left is told nothing more, such as when somebody on WhatsApp reads at last.
        # Told again where it is the same: the connector, or an earlier try, may have written it and died before telling.
        told = {"message_id": data["message_id"], "status": _whole(delivery, data["status"])}
        told |= {name: data[name] for name in ("recipient_id", "channel", "reason", "note") if data.get(name)}
        told |= {"file_id": delivery.file_id} if delivery.file_id else {}
        event = message_status(data["conversation_id"], data["seq"], [data["sender_id"]], told)
        self._publisher.publish([event])

    @staticmethod
    def _raise(delivery: Delivery, data: Mapping[str, Any]) -> None:
        before = delivery.status
        actions: list[Action] = [Delivery.status.set(data["status"]), Delivery.updated_at.set(data["time"])]
        if data.get("reason"):
            actions.append(Delivery.reason.set(data["reason"]))
        if data.get("external_id"):
            actions.append(Delivery.external_id.set(data["external_id"]))
        try:
            delivery.update(actions, condition=Delivery.status.is_in(*below(data["status"])))
        except UpdateError as error:
            if not condition_failed(error):
                raise
        else:
            _count(delivery.channel, before, data["status"])


def _count(channel: str, before: str, status: str) -> None:
    count(DELIVERIES, channel, status)
    if has_reached(channel, status) and not has_reached(channel, before):
        count(MESSAGES_DELIVERED, channel)


def _is_member(conversation_id: str, user_id: str) -> bool:
    """As a moment ago: half a read unit."""
    try:
        Member.get(conversation_id, user_id, attributes_to_get=["user_id"])
    except Member.DoesNotExist:
        return False
    return True


def _key(data: Mapping[str, Any]) -> str:
    part = data.get("part", 0)
    return delivery_key(data["seq"], data["recipient_id"], data["channel"], data["account_id"], part)


def _whole(delivery: Delivery, status: str) -> str:
    """Status of all parts on the way of this one; of a message in one part, its own."""
    if int(delivery.part) == 0 and int(delivery.parts or 1) == 1:
        return status
    way = way_prefix(int(delivery.seq), delivery.recipient_id, delivery.channel, delivery.account_id)
    found = Delivery.query(delivery.conversation_id, Delivery.delivery_key.startswith(way), consistent_read=True)
    return ways(found).get((delivery.channel, delivery.account_id), status)
