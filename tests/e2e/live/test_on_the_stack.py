"""What the live client does beside messages, with the real server: people, presence, typing, members, tokens."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from chat4all_client import SignIn, Tokens
from chat4all_client.live import LiveClient
from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, PASSWORD, Person
from tests.e2e.running_stack import RunningStack

Open = Callable[[Person], Awaitable[LiveClient]]


@pytest.fixture
async def opened(stack: RunningStack, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens live clients, up to date."""
    async with AsyncExitStack() as clients:

        async def open_one(person: Person) -> LiveClient:
            sign_in = SignIn(Tokens(person.token), person.username, PASSWORD)
            place = (stack.url("http"), stack.url("websocket", "ws"), tmp_path / f"{person.username}.sqlite", sign_in)
            live = await clients.enter_async_context(LiveClient.open(*place))
            await until(lambda: live.state == "live")
            return live

        yield open_one


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while True:
        found = holds()
        if found if isinstance(found, bool) else await found:
            return
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_two_who_find_one_another_talk_and_see_how_far_it_came(join: Join, opened: Open) -> None:
    people = [await join("ana"), await join("bob")]
    ana, bob = [await opened(person) for person in people]
    found = await ana.find_user(people[1].username.upper())
    assert found is not None
    conversation = (await ana.create_conversation("private", [found["id"]]))["id"]

    async def bob_knows() -> bool:
        return await bob.conversation(conversation) is not None

    await until(bob_knows)
    await ana.typing(conversation)
    await until(lambda: bob.typists(conversation) == [ana.user_id])
    await ana.stopped_typing(conversation)
    await until(lambda: bob.typists(conversation) == [])
    message_id = await ana.send(conversation, "Olá, Bob!")

    async def bob_has_it() -> bool:
        return [m["message_id"] for m in await bob.messages(conversation)] == [message_id]

    async def stands(status: str) -> bool:
        message = await ana.message(message_id)
        return message is not None and await ana.status_of(message) == status

    await until(bob_has_it)
    await until(lambda: stands("delivered"))
    await bob.read(conversation, 1)
    await until(lambda: stands("read"))
    assert (await ana.status(message_id))["status"] == "read"
    assert (await ana.users([bob.user_id])) == {} or (await ana.users([bob.user_id]))[bob.user_id]["username"]
    assert (await ana.search(conversation, "olá bob"))[0]["message_id"] == message_id


async def test_presence_of_a_contact_and_a_new_token_on_the_open_connection(join: Join, opened: Open) -> None:
    people = [await join("ana"), await join("bob")]
    conversation = await people[0].conversation(people[1])
    ana = await opened(people[0])
    ana.watch(conversation)
    await until(lambda: (ana.presence(people[1].id) or {}).get("status") == "offline")
    bob = await opened(people[1])
    await until(lambda: (ana.presence(bob.user_id) or {}).get("status") == "online")
    link = ana._core.requests.link
    ana._core.heartbeats.expiring()
    token = people[0].token

    async def is_renewed() -> bool:
        return await ana._session.token() != token

    await until(is_renewed)
    await ana.send(conversation, "still here")

    async def bob_has_it() -> bool:
        return len(await bob.messages(conversation)) == 1

    await until(bob_has_it)
    assert ana._core.requests.link is link
    assert await ana.unknown() == {}


async def test_who_is_put_out_of_a_group_forgets_it_and_has_all_of_it_when_they_are_back(
    join: Join, opened: Open
) -> None:
    people = [await join(name) for name in ("ana", "bob", "cy")]
    ana, bob = [await opened(person) for person in people[:2]]
    group = (await ana.create_conversation("group", [person.id for person in people[1:]], title="Cyclists"))["id"]

    async def bob_sees(messages: int | None) -> bool:
        known = await bob.conversation(group)
        return known is None if messages is None else known is not None and len(await bob.messages(group)) == messages

    await ana.send(group, "one")
    await until(lambda: bob_sees(1))
    await ana.remove_member(group, bob.user_id)
    await until(lambda: bob_sees(None))
    two = await ana.send(group, "two")

    async def two_is_accepted() -> bool:
        message = await ana.message(two)
        return message is not None and "seq" in message

    await until(two_is_accepted)  # what is said after Bob is back is unread for him
    await ana.add_member(group, bob.user_id)
    await until(lambda: bob_sees(2))
    shown = await bob.conversation(group, fresh=True)
    assert shown is not None
    assert (shown["title"], len(shown["members"]), shown["unread"]) == ("Cyclists", 3, 0)
    await bob.leave(group)
    assert await bob_sees(None)
