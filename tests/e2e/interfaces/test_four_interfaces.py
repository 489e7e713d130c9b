"""One scenario over all four interfaces, with the same outcome: HTTP, WebSocket (where it has an action), gRPC, command."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.e2e.conftest import Join
from tests.e2e.interfaces.asking import Interface, OverCommand, OverGrpc, OverHttp, Refused, over_websocket
from tests.e2e.people import Person

HOOK = "https://example.com/hook"
OUTCOME = {
    "me": "same",
    "members": 3,
    "sent": ("accepted", 1),
    "repeated": "the same",
    "reply_seq": 2,
    "reactions": {"👍": ["bob"]},
    "edited": "Hello, all",
    "stale": "edited_meanwhile",
    "read_seq": 2,
    "history": [("Hello, all", ["👍"]), ("Hi", [])],
    "status": "read",
    "unsent": (True, None),
    "not unsent by others": "not_the_sender",
    "after removal": "not_found",
    "reader": "reader",
    "webhooks": [(HOOK, ["message.created"], "enabled")],
    "secret": True,
    "webhooks after": [],
}


@asynccontextmanager
async def interface_of(kind: str, person: Person, target: str, folder: Path) -> AsyncIterator[Interface]:
    """What a person asks with."""
    match kind:
        case "http":
            yield OverHttp(person)
        case "websocket":
            async with over_websocket(person) as asked:
                yield asked
        case "grpc":
            async with grpc.aio.insecure_channel(target) as channel:
                yield OverGrpc(person, channel)
        case _:
            command = OverCommand(person, folder / person.username)
            await command.sign_in()
            yield command


@pytest.mark.timeout(900)  # a command is a process, of which a machine that is busy starts few in a second
@pytest.mark.parametrize("kind", ["http", "websocket", "grpc", "command"])
async def test_the_same_scenario_has_the_same_outcome(kind: str, join: Join, grpc_target: str, tmp_path: Path) -> None:
    people = [await join(name) for name in ("ana", "bob", "eva")]
    async with AsyncExitStack() as stack:
        ana, bob, eva = [
            await stack.enter_async_context(interface_of(kind, person, grpc_target, tmp_path)) for person in people
        ]
        outcome = await conversation(people, ana, bob, eva) | await webhooks(ana)
    assert outcome == OUTCOME


async def conversation(people: list[Person], ana: Interface, bob: Interface, eva: Interface) -> dict[str, Any]:
    """Three people talk."""
    names = {person.id: person.username.partition("-")[0] for person in people}
    ids = {name: user_id for user_id, name in names.items()}
    me = await ana.ask("getMe")
    wanted = {"type": "group", "member_ids": [ids["bob"], ids["eva"]]}
    where = (await ana.ask("createConversation", body=wanted))["id"]
    members = (await bob.ask("listMembers", where))["items"]
    first = {"conversation_id": where, "type": "text", "content": "Hello", "message_id": str(uuid.uuid4())}
    sent, again = await ana.ask("sendMessage", body=first), await ana.ask("sendMessage", body=first)
    reply = {"conversation_id": where, "type": "text", "content": "Hi", "reply_to": sent["message_id"]}
    replied = await bob.ask("sendMessage", body=reply)
    reacted = await bob.ask("addReaction", sent["message_id"], "👍")
    edited = await ana.ask("editMessage", sent["message_id"], body={"content": "Hello, all"})
    stale = await refused(ana, "editMessage", sent["message_id"], body={"content": "x", "revision": 1})
    await eva.ask("recordReceipt", where, body={"read_seq": 2})
    receipt = await bob.ask("recordReceipt", where, body={"read_seq": 2})
    history = (await eva.ask("listMessages", where, query={"after_seq": 0}))["items"]
    status = await ana.ask("getMessageStatus", sent["message_id"])
    others = await refused(bob, "unsendMessage", sent["message_id"])
    unsent = await ana.ask("unsendMessage", sent["message_id"])
    await ana.ask("removeMember", where, ids["eva"])
    after = await refused(eva, "getConversation", where)
    await ana.ask("addMember", where, body={"user_id": ids["eva"], "role": "reader"})
    reader = await refused(eva, "sendMessage", body=first | {"message_id": str(uuid.uuid4())})
    return {
        "me": "same" if me["id"] == people[0].id else me["id"],
        "members": len(members),
        "sent": (sent["status"], int(sent["seq"])),
        "repeated": "the same" if again["seq"] == sent["seq"] else again,
        "reply_seq": int(replied["seq"]),
        "reactions": {emoji: [names[one] for one in users] for emoji, users in reacted["reactions"].items()},
        "edited": edited["content"],
        "stale": stale,
        "read_seq": int(receipt["read_seq"]),
        "history": [(one["content"], list(one.get("reactions", {}))) for one in history],
        "status": status["status"],
        "unsent": ("deleted_at" in unsent, unsent.get("content")),
        "not unsent by others": others,
        "after removal": after,
        "reader": reader,
    }


async def webhooks(ana: Interface) -> dict[str, Any]:
    """An endpoint comes and goes."""
    made = await ana.ask("createWebhook", body={"url": HOOK, "events": ["message.created"]})
    listed = (await ana.ask("listWebhooks"))["items"]
    await ana.ask("deleteWebhook", made["id"])
    after = await ana.ask("listWebhooks")
    return {
        "webhooks": [(one["url"], one["events"], one["status"]) for one in listed],
        "secret": made["secret"].startswith("whsec_") and not any("secret" in one for one in listed),
        "webhooks after": after.get("items", []),
    }


async def refused(asked: Interface, operation_id: str, *path: str, body: dict[str, Any] | None = None) -> str:
    """The code of a refusal, in whichever interface."""
    with pytest.raises(Refused) as found:
        await asked.ask(operation_id, *path, body=body)
    return found.value.code
