"""Who and what the matrix is about: people of every role, a common group, and groups for what succeeds."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.authorisation.bad_tokens import bad_tokens
from tests.e2e.authorisation.row import ROLES
from tests.e2e.people import PASSWORD, Person, Socket, ok
from tests.e2e.phones import phone, shop
from tests.e2e.running_stack import RunningStack

_PEOPLE = (
    "owner", "admin", "member", "reader", "former", "outsider", "administrator", "deleted",
    "stranger", "old_administrator", "newcomer", "other_admin", "other_member",
)  # fmt: skip
_SENDERS = ("owner", "admin", "member", "reader", "former", "deleted")


@dataclass
class Group:
    """A group with a message of each who could send, at the point where `former` has been removed and `reader` made one."""

    id: str
    guest: str
    messages: Mapping[str, str]
    """Message ids by the name of the sender."""


@dataclass
class World:
    """Everything a row can name."""

    stack: RunningStack
    people: dict[str, Person] = field(default_factory=dict)
    sockets: dict[str, Socket] = field(default_factory=dict)
    syncs: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    tokens: Mapping[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    group: Group = field(default_factory=lambda: Group("", "", {}))
    """The common one."""
    scratch: Group = field(default_factory=lambda: Group("", "", {}))
    """Another, where messages may be sent to."""
    console: httpx.AsyncClient = field(init=False)
    open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def join(self, name: str) -> Person:
        """A new user."""
        person = await Person.join(self.stack.url("http"), self.stack.url("websocket", "ws"), name.replace("_", "-"))
        self.open.push_async_callback(person.http.aclose)
        return person

    async def build(self) -> "World":
        """Make all of it over the API, as users would."""
        for name in _PEOPLE:
            self.people[name] = await self.join(name)
        await self._administrators()
        await self._channels()
        self.group = await self.new_group("guest")
        self.names["file"] = await self._file_in_group()
        self.scratch = await self.new_group()
        await self._conversations()
        await self._rules()
        await self._webhooks()
        for name in ROLES:
            self.sockets[name] = await self.open.enter_async_context(self.people[name].online())
        self.tokens = bad_tokens(self.stack, self.people["owner"])
        ok(await self.people["deleted"].http.delete("/v1/users/me"), 204)
        self.names |= {name: person.id for name, person in self.people.items()} | {"absent": str(uuid.uuid4())}
        self.names |= {"password": PASSWORD, "signing_in": self.people["stranger"].username}
        self.names["page"] = f"{self.stack.url('http')}/chat"
        return self

    async def new_group(self, guest: str = "new_guest") -> Group:
        """A group with everybody in the role of their name, and a guest."""
        people = self.people
        in_it = [people[name] for name in (*_SENDERS[1:], "other_admin", "other_member") if not self._is_gone(name)]
        owner = people["owner"]
        group = await owner.conversation(*in_it, self.names[guest], title="The group")
        members = f"/v1/conversations/{group}/members"
        senders = [name for name in _SENDERS if not self._is_gone(name)]
        sent = await asyncio.gather(*(people[name].send(group, f"of {name}") for name in senders))
        for name, role in (("admin", "admin"), ("other_admin", "admin"), ("reader", "reader")):
            ok(await owner.http.patch(f"{members}/{people[name].id}", json={"role": role}), 200)
        ok(await owner.http.delete(f"{members}/{people['former'].id}"), 204)
        return Group(
            group, self.names[guest], {n: answer["message_id"] for n, answer in zip(senders, sent, strict=True)}
        )

    async def new_account(self) -> str:
        """Id of another account."""
        return str((await shop(self.console, self.people["administrator"]))["account"]["id"])

    async def _administrators(self) -> None:
        """The first one by the operator, the other by the first."""
        first, other = self.people["administrator"], self.people["old_administrator"]
        command = (self.stack.root / "scripts/admin", "administrators", "grant", first.username)
        ran = await asyncio.create_subprocess_exec(*command, f"--data={self.stack.data}")
        assert await ran.wait() == 0
        ok(await first.http.put(f"/v1/administrators/{other.id}"), 200)

    async def _file_in_group(self) -> str:
        """Id of a file that a member has sent to the common group."""
        sender = self.people["other_member"]
        answer = await sender.http.post("/v1/files", files={"file": ("a.txt", b"text", "text/plain")})
        file_id = str(ok(answer, 201)["file_id"])
        await sender.send(self.group.id, "", type="file", file_id=file_id)
        return file_id

    def _is_gone(self, name: str) -> bool:
        return name == "deleted" and "deleted" in self.names

    async def _channels(self) -> None:
        """A bot of the owner's, who was an administrator once, and guests, each in a private conversation with the owner."""
        self.console = httpx.AsyncClient(base_url=self.stack.url("console"), timeout=30)
        self.open.push_async_callback(self.console.aclose)
        owner, place = self.people["owner"], f"/v1/administrators/{self.people['owner'].id}"
        ok(await self.people["administrator"].http.put(place), 200)
        bot = await shop(self.console, owner)
        async with owner.online() as socket:
            for name in ("guest", "new_guest", "other_guest", "private_guest"):
                await (await phone(self.console, bot, name)).write(f"I am {name}")
                event = await socket.event("message.created", content=f"I am {name}")
                self.names[name] = event["data"]["sender_id"]
        self.names["account"] = bot["account"]["id"]
        self.names["taken_bot"] = bot["token"]
        self.names["api_base"] = bot["account"]["settings"]["api_base"]
        self.names["secret"] = "a-secret-that-the-owner-chose"
        settings = {"settings": {"webhook_secret": self.names["secret"]}}
        ok(await owner.http.patch(f"/v1/accounts/{self.names['account']}", json=settings), 200)
        ok(await self.people["administrator"].http.delete(place), 204)

    async def _conversations(self) -> None:
        owner, stranger = self.people["owner"], self.people["stranger"]
        strange = await stranger.conversation(self.people["newcomer"])
        answers = [await stranger.send(strange, text) for text in ("one", "two")]
        self.names["strange_message"], self.names["probed_message"] = (answer["message_id"] for answer in answers)
        self.names["other_cursor"] = (await stranger.history(strange, limit=1))["next_cursor"]
        self.names["private"] = await owner.conversation(stranger)
        page = ok(await owner.http.get("/v1/conversations?limit=1"), 200)
        self.names["cursor"] = page["next_cursor"]

    async def _rules(self) -> None:
        """Two of the owner's, which hold for nothing."""
        body = {"action": {"drop": True}, "conditions": {"senders": [str(uuid.uuid4())]}}
        for name in ("rule", "old_rule"):
            made = ok(await self.people["owner"].http.post("/v1/routing-rules", json=body), 201)
            self.names[name] = made["id"]

    async def _webhooks(self) -> None:
        """Some of the owner's, to which nothing is sent but what a row asks for."""
        body = {"url": "http://127.0.0.1:9/", "events": ["webhook.disabled"]}
        for name in ("webhook", "old_webhook", "bad_webhook"):
            made = ok(await self.people["owner"].http.post("/v1/webhooks", json=body), 201)
            self.names[name] = made["id"]

    def named(self, caller: str, group: Group) -> dict[str, str]:
        """The names as `caller` means them, in `group`."""
        messages = group.messages
        anothers = messages["admin" if caller == "owner" else "owner"]
        fresh = uuid.uuid4()
        me = self.names.get(caller, self.names["owner"])
        own = {"me": me, "own_message": messages.get(caller, self.names["absent"]), "fresh": fresh.hex}
        own["fresh_number"] = str(fresh.int % 10**12 + 1)
        own["fresh_bot"] = f"{fresh.int % 10**15}:{fresh.hex}xxx"
        return (
            self.names
            | own
            | {"group": group.id, "guest": group.guest, "message": anothers, "others_message": anothers}
        )


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """`value` with what stands in braces replaced."""
    if isinstance(value, str):
        return value.format_map(names)
    if isinstance(value, Mapping):
        return {filled(key, names): filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value
