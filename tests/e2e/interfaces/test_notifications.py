"""The recipe for notifications: in the app, and over WhatsApp where the app does not answer."""

import asyncio

import httpx
import pytest

from tests.e2e.conftest import Join
from tests.e2e.graph_phones import GraphPhone, business, graph_phone
from tests.e2e.interfaces.examples import python, run
from tests.e2e.people import PASSWORD, Person, ok
from tests.e2e.running_stack import RunningStack
from tests.e2e.test_identities import linked_on_whatsapp


class Shop:
    """Who notifies."""

    def __init__(self, stack: RunningStack, owner: Person) -> None:
        self._url = stack.url("http")
        self.owner = owner

    async def notifies(self, person: Person, text: str) -> list[str]:
        """What the recipe prints."""
        words = (self._url, self.owner.username, PASSWORD, person.username, text, "5")
        return (await run(*python("recipes/notifications.py", *words))).splitlines()


@pytest.fixture
async def shop(join: Join, stack: RunningStack) -> Shop:
    return Shop(stack, await join("shop"))


async def test_where_the_app_does_not_answer_it_goes_on_to_whatsapp(
    shop: Shop, join: Join, console: httpx.AsyncClient
) -> None:
    bob, eve = await join("bob"), await join("eve")
    number = await business(console, shop.owner, "whatsapp")
    phone = await graph_phone(console, number, "Bob")
    await phone.write("hello, shop")  # opens the window
    await linked_on_whatsapp(bob, number["account"]["id"], phone)

    told = await shop.notifies(bob, "Your parcel is here")
    assert told[-1].startswith("in_app: sent, then whatsapp: ")
    await phone.receives(text="Your parcel is here")

    assert (await shop.notifies(eve, "Yours, too"))[1:] == ["in_app only: no number is linked"]

    async with bob.online() as app:
        notified = asyncio.create_task(shop.notifies(bob, "And another"))
        said = await app.event("message.created", content="And another")
        where = said["conversation_id"]
        read = {"read_seq": said["seq"]}
        ok(await bob.http.post(f"/v1/conversations/{where}/receipts", json=read), 200)
        assert (await notified)[-1] == "in_app: read, then whatsapp: not_needed"
    history = (await bob.history(where))["items"]
    assert [message["content"] for message in history] == ["And another", "Your parcel is here"]
    assert "And another" not in await texts(phone)
    assert len(ok(await shop.owner.http.get("/v1/routing-rules"), 200)["items"]) == 1


async def texts(phone: GraphPhone) -> list[str]:
    return [str(message.get("text")) for message in await phone.messages()]
