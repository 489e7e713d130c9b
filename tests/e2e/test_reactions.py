"""Reactions and typing through the whole system."""

import asyncio
from typing import Any
from urllib.parse import quote

from tests.e2e.conftest import Join
from tests.e2e.people import Person, ok

THUMB, HEART = "👍", "❤️"


async def react(person: Person, message_id: str, emoji: str, method: str = "PUT") -> Any:
    return ok(await person.http.request(method, f"/v1/messages/{message_id}/reactions/{quote(emoji)}"), 200)


async def test_reactions_are_told_shown_and_caught_up_with(join: Join) -> None:
    ana, bob, eve = await asyncio.gather(join("ana"), join("bob"), join("eve"))
    conversation = await ana.conversation(bob, eve)
    message_id = (await ana.send(conversation, "hello"))["message_id"]
    async with ana.online() as ana_socket, bob.online() as bob_socket:
        assert (await react(bob, message_id, THUMB))["reactions"] == {THUMB: [bob.id]}
        for socket in (ana_socket, bob_socket):
            told = await socket.event("reaction.updated", message_id=message_id, reactions_version=1)
            assert (told["seq"], told["data"]["reactions"]) == (2, {THUMB: [bob.id]})
        by_socket = await ana_socket.request("react", message_id=message_id, emoji="❤")
        assert by_socket["data"]["reactions"] == {THUMB: [bob.id], HEART: [ana.id]}
        await bob_socket.event("reaction.updated", reactions_version=2)
        assert (await react(bob, message_id, THUMB, "DELETE"))["reactions"] == {HEART: [ana.id]}
        await ana_socket.event("reaction.updated", reactions_version=3)
        wrong = await ana_socket.request("react", message_id=message_id, emoji="x")
        assert wrong["error"]["errors"][0]["pointer"] == "/data/emoji"
        assert (await bob.http.put(f"/v1/messages/{message_id}/reactions/abc")).status_code == 400
        keycap = await react(eve, message_id, "#️⃣")
        assert keycap["reactions"]["#️⃣"] == [eve.id]
        assert (await ana_socket.request("typing", conversation_id=conversation))["data"] == {"expires_in": 6}
        await bob_socket.event("typing", user_id=ana.id)
        assert ok(await bob.http.post(f"/v1/conversations/{conversation}/typing"), 200) == {"expires_in": 6}
        await ana_socket.event("typing", user_id=bob.id)
    async with eve.online() as socket:
        await socket.request("sync", conversations={conversation: 1})
        missed = await socket.event("reaction.updated")
        assert (missed["seq"], missed["data"]["reactions"]) == (5, {HEART: [ana.id], "#️⃣": [eve.id]})
        assert "content" not in missed["data"]
    (shown,) = (await eve.history(conversation))["items"]
    assert shown["reactions"] == {HEART: [ana.id], "#️⃣": [eve.id]}
