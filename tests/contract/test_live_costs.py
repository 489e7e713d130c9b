"""What each thing that happens live costs in calls and units of DynamoDB: the table of docs/live-costs.md, measured."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.conversations import set_partners
from chat4all.realtime import Realtime
from chat4all.session_ends import SessionEnds
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.presence import Presence
from chat4all.websocket.push import Push
from tests.benchmarks.units import CountedUnits
from tests.contract.handlers import invoke
from tests.contract.messaging import KeptPublisher, Messaging, new_user, records
from tests.contract.test_sync import many_conversations

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "live-costs.md"
Act = Callable[[], object]
Costs = tuple[int, float, float, int]
"""Calls, write units, read units, events on chat4all.events."""


class Taken(Push):
    """A gateway that takes everything."""

    posts = 0

    def post(self, connection_id: str, frame: bytes, tries: int = 1) -> None:
        self.posts += 1

    def is_gone(self, connection_id: str) -> bool:
        return False


class Live:
    """A private conversation with three messages, and a group of 100 with one; everybody is connected."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.publisher = KeptPublisher()
        self.push = Taken("")
        for name in ("publisher", "prompt_publisher"):
            app.__dict__[name] = self.publisher
        app.__dict__["push"] = self.push
        self.messaging = Messaging(publisher=self.publisher)
        self.ana, self.bob = new_user(), new_user()
        self.people = [self.ana, self.bob, *(new_user() for _ in range(98))]
        roles = ["owner", *["member"] * 99]
        self.private = self.messaging.conversation(self.ana, self.bob, roles=roles[:2])
        self.group = self.messaging.conversation(*self.people, roles=roles)
        partners = [Member.get(self.private, user) for user in (self.ana, self.bob)]
        set_partners("private", partners)
        for conversation, count in ((self.private, 3), (self.group, 1)):
            for _ in range(count):
                self.messaging.send(conversation, self.ana)
            self.route()
        for user in partners:
            user.save()
        with Presence.batch_write() as batch:
            for user_id in self.people:
                entry = {"at": now_ms(), "seen": now_ms(), "until": now_ms() + 3_600_000}
                batch.save(Presence(user_id, connections={"c=": entry}, told_until=now_ms() + 3_600_000))

    def route(self) -> None:
        """As the router does with what was published on chat4all.messages."""
        events = self.publisher.take()
        self.messaging.router.route(records([event for event in events if event.topic == "chat4all.messages"]))

    def ask(self, action: str, **data: Any) -> None:
        """A frame of Ana's."""
        body = json.dumps({"action": action, "id": 1, "data": data})
        answer = invoke("websocket_actions", {"requestContext": self.context(action, "c="), "body": body})
        assert json.loads(answer["body"])["type"] == "ack", answer["body"]

    def connection(self, kind: str, connection_id: str) -> None:
        """`$connect` or `$disconnect` of a device of Ana's."""
        context = self.context(f"${kind}", connection_id)
        assert invoke(f"websocket_{kind}", {"requestContext": context, "headers": {}})["statusCode"] == 200

    def context(self, route: str, connection_id: str) -> dict[str, Any]:
        authorizer = {"user_id": self.ana, "session_id": "", "expires_at": str(now_ms() + 3_600_000)}
        known = {"apiId": "x", "domainName": "x", "stage": "live", "connectionId": connection_id}
        return known | {"routeKey": route, "authorizer": authorizer}

    def tell(self, act: Act) -> Act:
        """What the realtime function does of what `act` has made known."""
        act()
        events = [event for event in self.publisher.take() if event.topic == "chat4all.events"]
        ends = SessionEnds(self.app.connections, self.push)
        return lambda: Realtime(self.app.connections, self.push, ends).tell(records(events))

    def send(self, conversation: str) -> None:
        self.ask("send", conversation_id=conversation, type="text", content="A text as people send them.")
        self.route()

    def sync(self, count: int) -> Act:
        """Of so many more conversations, none of which has news."""
        ids = many_conversations(self.ana, count, last_seq=7)
        held = dict.fromkeys(ids, 7) | {one: int(Head.get(one).last_seq) for one in (self.private, self.group)}
        return lambda: self.ask("sync", conversations=held)

    def gone(self) -> None:
        """Ana was there, and is no more."""
        Presence(self.ana, connections={}, told_until=0, version=3).save()


def acts(live: Live) -> dict[str, Callable[[], Act]]:
    """What is measured, by the name of its row; each is prepared, and then done."""
    private, group = {"conversation_id": live.private}, {"conversation_id": live.group}

    def again() -> Act:
        live.ask("receipt", read_seq=1, **private)
        return lambda: live.ask("receipt", read_seq=1, **private)

    def first() -> Act:
        live.gone()
        return lambda: live.connection("connect", "c=")

    def another() -> Act:
        live.connection("connect", "d=")
        live.publisher.take()
        return lambda: live.connection("disconnect", "d=")

    return {
        "a text, sent and routed": lambda: lambda: live.send(live.private),
        "a text to a group of 100": lambda: lambda: live.send(live.group),
        "telling 2 of an event": lambda: live.tell(lambda: live.send(live.private)),
        "telling 100 of an event": lambda: live.tell(lambda: live.send(live.group)),
        "a receipt": lambda: lambda: live.ask("receipt", read_seq=2, **private),
        "a receipt in a group of 100": lambda: lambda: live.ask("receipt", read_seq=1, **group),
        "a receipt that says nothing new": again,
        "typing": lambda: lambda: live.ask("typing", **private),
        "typing in a group of 100": lambda: lambda: live.ask("typing", **group),
        "a heartbeat": lambda: lambda: live.ask("heartbeat"),
        "a heartbeat that asks for a private conversation": lambda: lambda: live.ask("heartbeat", **private),
        "a heartbeat that asks for a group of 100": lambda: lambda: live.ask("heartbeat", **group),
        "the same again within 20 s": lambda: lambda: live.ask("heartbeat", **group),
        "connect, the first device": first,
        "connect, another device": lambda: lambda: live.connection("connect", "d="),
        "disconnect, another device stays": another,
        "disconnect, the last device": lambda: lambda: live.connection("disconnect", "c="),
        "a sync of 2 conversations without news": lambda: live.sync(0),
        "a sync of 102 conversations without news": lambda: live.sync(100),
    }


def documented() -> dict[str, Costs]:
    """Rows of the table in the document."""
    rows = re.findall(r"^\| ([^|]+?) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \|", DOCUMENT.read_text(), re.MULTILINE)
    return {name: (int(calls), float(write), float(read), int(events)) for name, calls, write, read, events in rows}


def test_it_costs_what_the_document_says(deployed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.presence._KEPT_S", 3_600.0)  # on a slow machine, too
    live = Live(deployed)
    measured: dict[str, Costs] = {}
    for name, prepared in acts(live).items():
        act = prepared()
        live.publisher.take()
        with CountedUnits(Member.client()) as counted:
            act()
        told = sum(event.topic == "chat4all.events" for event in live.publisher.take())
        measured[name] = (sum(counted.calls.values()), counted.units["write"], counted.units["read"], told)
    rows = "\n".join(
        f"| {name} | {calls} | {write:g} | {read:g} | {told} |" for name, (calls, write, read, told) in measured.items()
    )
    assert measured == documented(), f"docs/live-costs.md should say:\n{rows}"
