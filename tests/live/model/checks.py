"""What must hold at the end: every device has what the server has, and nothing that was said is lost or doubled."""

from collections import Counter
from typing import Any

from tests.live.model import history
from tests.live.model.device import Device
from tests.live.model.server import Server

Json = dict[str, Any]


class Differs(AssertionError):
    """A device does not have what the server has; the text says what."""


async def check(server: Server, device: Device) -> None:
    """Compare one device with the server; raises Differs."""
    live = device.live
    assert live is not None
    mine = {c.id: c for c in server.conversations.values() if device.user_id in c.members}
    shown = {one["id"]: one for one in await live.conversations()}
    _same(device, "conversations", sorted(shown), sorted(mine))
    for conversation_id, conversation in mine.items():
        one = shown[conversation_id]
        wanted = conversation.document(device.user_id, with_members=True)
        _same(device, "through", one["through"], conversation.routed)
        messages = await live.messages(conversation_id)
        _same(
            device,
            f"unsent in {conversation_id}",
            [m for m in messages if m.get("local") == "sending" or ("seq" not in m and "why" not in m)],
            [],
        )
        held = [m for m in messages if "local" not in m]
        _same(device, f"numbers in {conversation_id}", [m["seq"] for m in held], sorted(conversation.messages))
        for message in held:
            _same(
                device,
                f"message {message['seq']} of {conversation_id}",
                _lasting(message),
                _lasting(history.view(conversation, message["seq"])),
            )
            event = device.told.get((conversation_id, message["seq"]), message)
            _same(device, f"event of {message['seq']} of {conversation_id}", _lasting(event), _lasting(message))
        _same(device, f"title of {conversation_id}", one["title"], wanted["title"])
        _same(device, f"members of {conversation_id}", _sorted(one["members"].values()), _sorted(wanted["members"]))
        _same(device, f"read in {conversation_id}", one["read_seq"], wanted["read_seq"])
        _same(device, f"unread in {conversation_id}", one["unread"], wanted["unread_count"])
        last = wanted["last_message"]
        if not any(m.get("local") for m in messages):
            _same(
                device,
                f"last of {conversation_id}",
                (one["last_message"] or {}).get("message_id"),
                (last or {}).get("message_id"),
            )
        if device.was_read.get(conversation_id, 0) > wanted["read_seq"]:
            raise Differs(
                f"{device.path.name}: read {device.was_read[conversation_id]} and told of {wanted['read_seq']}"
            )
        _marked(device, conversation.members[device.user_id].delivered_seq, held)


async def check_said(server: Server, devices: list[Device]) -> None:
    """Everything that was said is there once, or was refused and is kept with its cause."""
    there = Counter(m["message_id"] for c in server.conversations.values() for m in c.messages.values())
    _same(None, "doubled", [one for one, count in there.items() if count > 1], [])
    for device in devices:
        assert device.live is not None
        failed = {
            m["message_id"]
            for c in server.conversations
            for m in await device.live.messages(c)
            if m.get("local") == "failed"
        }
        lost = {one: text for one, text in device.said.items() if one not in there and one not in failed}
        _same(device, "lost", lost, {})


def _marked(device: Device, delivered: int, held: list[Json]) -> None:
    others = [m["seq"] for m in held if m["sender_id"] != device.user_id]
    if others and delivered < others[-1]:
        raise Differs(f"{device.path.name}: has {others[-1]} of others, and told of {delivered}")


def _lasting(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "status"}


def _sorted(members: Any) -> list[Json]:
    return sorted((dict(member) for member in members), key=lambda member: str(member["user_id"]))


def _same(device: Device | None, what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        name = device.path.name if device is not None else "all"
        raise Differs(f"{name}: {what}: {found!r:.1500} and not {wanted!r:.1500}")
