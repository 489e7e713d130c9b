"""Presence on the real engine, with a clock that tests move, a gateway that says what is open, and events that are kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.connections import Connections
from chat4all.conversations import set_partners
from chat4all.heartbeats import Heartbeats
from chat4all.presence import Presences
from chat4all.stores.members import Member
from chat4all.websocket.caller import Caller
from chat4all.websocket.push import Push
from tests.contract.messaging import KeptPublisher, new_user

CLOCKS = ("connections", "presence", "heartbeats")
TOKEN_MS = 1_800_000


class Gateway(Push):
    """@connections that keeps frames; `gone` are connections that it does not know."""

    def __init__(self) -> None:
        super().__init__("")
        self.frames: list[tuple[str, bytes]] = []
        self.closed: list[str] = []
        self.gone: set[str] = set()

    def post(self, connection_id: str, frame: bytes, tries: int = 1) -> None:
        """Keep `frame`."""
        self.frames.append((connection_id, frame))

    def close(self, connection_id: str) -> bool:
        """Keep that it was closed."""
        self.closed.append(connection_id)
        return True

    def is_gone(self, connection_id: str) -> bool:
        """Whether a test says so."""
        return connection_id in self.gone


@dataclass
class PresenceWorld:
    """The services of one deployment; `environment` makes those of one more of its environments."""

    app: App
    publisher: KeptPublisher = field(default_factory=KeptPublisher)
    gateway: Gateway = field(default_factory=Gateway)
    now: int = field(default_factory=now_ms)

    def __post_init__(self) -> None:
        self.connections = Connections()
        self.presences = Presences(self.publisher, clock=lambda: self.now / 1000)
        self.heartbeats = self.environment()
        self.app.bind_tables()

    def environment(self) -> Heartbeats:
        """Heartbeats of an environment that has seen nothing yet."""
        app = self.app
        app.__dict__ |= {"connections": self.connections, "presences": self.presences, "push": self.gateway}
        return Heartbeats(
            self.connections, self.presences, app.sessions, self.gateway, app.session_ends, lambda: app.access_tokens
        )

    def private(self, one: str, other: str) -> str:
        """A private conversation of the two; its id."""
        return self._conversation("private", [one, other])

    def group(self, *user_ids: str) -> str:
        """A group; its id."""
        return self._conversation("group", user_ids)

    def _conversation(self, kind: str, user_ids: Sequence[str]) -> str:
        conversation_id = str(uuid.uuid4())
        members = [Member(conversation_id, u, role="member", joined_at=self.now) for u in user_ids]
        set_partners(kind, members)
        for member in members:
            member.save()
        return conversation_id

    def comes(self, user_id: str, connection_id: str = "phone", token_ms: int = TOKEN_MS) -> Caller:
        """A device of the user connects, as functions/websocket_connect does it."""
        caller = Caller(user_id, connection_id, None, self.now + token_ms)
        self.presences.tell(self.connections.opened(user_id, connection_id, None, caller.expires_at))
        return caller

    def beats(self, caller: Caller, **asked: Any) -> dict[str, Any]:
        """A heartbeat of the device, which comes to another environment each time: how many each takes is not asked here."""
        given = {"conversation_id": None, "token": None} | asked
        return self.environment().of_connection(caller, **given)

    def goes(self, user_id: str, connection_id: str = "phone") -> None:
        """Its connection ends, as functions/websocket_disconnect hears of it."""
        self.presences.tell(self.connections.closed(user_id, connection_id))

    def status(self, user_id: str, seen_by: str | None = None) -> str:
        """As `seen_by`, or the user, sees it."""
        return str(self.presences.of(user_id, seen_by or user_id)["status"])

    def told(self) -> list[tuple[str, str, list[str]]]:
        """(user, status, audience) of each presence.updated since the last look."""
        return [
            (e.data["data"]["user_id"], e.data["data"]["status"], e.data["audience"])
            for e in self.publisher.take()
            if e.type == "chat4all.presence.updated.v1"
        ]


def presence_world(app: App, monkeypatch: pytest.MonkeyPatch) -> PresenceWorld:
    """A world whose clock the product goes by."""
    world = PresenceWorld(app)
    for module in CLOCKS:
        monkeypatch.setattr(f"chat4all.{module}.now_ms", lambda: world.now)
    return world


def users(count: int) -> list[str]:
    """New ones."""
    return [new_user() for _ in range(count)]
