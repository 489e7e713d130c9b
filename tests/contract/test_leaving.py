"""What members see of a conversation, from when to when: docs/clients.md promises it."""

import json
import uuid

import pytest

from chat4all.bootstrap import App
from chat4all.conversations import Conversations, Create
from chat4all.domain.roles import Role
from chat4all.domain.user import Registration
from chat4all.errors import NotFound
from chat4all.history import HistoryQuery
from chat4all.kafka.topics import Topic
from chat4all.members import Members
from chat4all.websocket.actions import Actions
from tests.contract.messaging import Messaging, connected
from tests.contract.presence_world import Gateway


class Group:
    """A group of Ana's with Bob and Cy, whose messages are routed as they are sent."""

    def __init__(self, app: App) -> None:
        self.app, self.gateway = app, Gateway()
        app.__dict__["push"] = self.gateway
        self.ana, self.bob, self.cy = (_registered(app) for _ in range(3))
        self.messaging = Messaging()
        conversations = Conversations(self.messaging.publisher)
        self.members = Members(conversations)
        self.id = str(conversations.create(Create(self.ana, "group", [self.bob, self.cy]))["id"])
        app.bind_tables()

    def says(self, content: str, who: str = "") -> set[str]:
        """Send, and route: who is told."""
        self.messaging.publisher.take()
        self.messaging.send(self.id, who or self.ana, content)
        accepted = [e for e in self.messaging.publisher.take() if e.topic == Topic.MESSAGES]
        events = self.messaging.route(accepted)
        return {user for event in events for user in event.data["audience"]}

    def leaves(self, user_id: str) -> None:
        """Of their own will."""
        self.members.remove(user_id, self.id, user_id)

    def joins(self, user_id: str) -> None:
        """Added by Ana."""
        self.members.add(self.ana, self.id, user_id, Role.MEMBER)

    def sees(self, user_id: str) -> list[str]:
        """The whole history, oldest first; NotFound for who is no member."""
        page = self.app.history.list(user_id, HistoryQuery(self.id, limit=100, after_seq=0))
        return [message["content"] for message in page["items"]]

    def syncs(self, user_id: str, after_seq: int) -> tuple[list[str], dict[str, int]]:
        """What a sync of this conversation pushes, and the `conversations` of its sync.done."""
        self.gateway.frames.clear()
        body = json.dumps({"action": "sync", "data": {"conversations": {self.id: after_seq}}})
        assert Actions(self.app).answer(connected(user_id), body)["type"] == "ack"
        frames = [json.loads(frame) for _, frame in self.gateway.frames]
        said = [frame["data"]["content"] for frame in frames if frame["type"] == "sync.message"]
        return said, frames[-1]["data"]["conversations"]


@pytest.fixture
def group(deployed: App) -> Group:
    return Group(deployed)


def test_who_joins_sees_what_was_said_before_but_is_no_recipient_of_it(group: Group) -> None:
    group.says("before")
    dan = _registered(group.app)
    group.joins(dan)
    assert group.says("after") == {group.ana, group.bob, group.cy, dan}
    assert group.sees(dan) == ["before", "after"]
    first, second = group.app.history.list(dan, HistoryQuery(group.id, after_seq=0))["items"]
    recipients = [
        {r["user_id"] for r in group.app.history.status(group.ana, m["message_id"])["recipients"]}
        for m in (first, second)
    ]
    assert recipients == [{group.bob, group.cy}, {group.bob, group.cy, dan}]


def test_who_left_sees_nothing_any_more_and_is_told_nothing(group: Group) -> None:
    group.says("before")
    group.leaves(group.bob)
    assert group.says("while away") == {group.ana, group.cy}
    with pytest.raises(NotFound):
        group.sees(group.bob)
    assert group.syncs(group.bob, 1) == ([], {})
    with pytest.raises(NotFound):
        group.app.presences.of_members(group.id, group.bob)
    with pytest.raises(NotFound):
        group.app.presences.of(group.cy, group.bob)


def test_who_comes_back_sees_all_of_it_also_what_was_said_meanwhile(group: Group) -> None:
    group.says("before")
    group.leaves(group.bob)
    group.says("while away")
    group.joins(group.bob)
    assert group.says("back") == {group.ana, group.bob, group.cy}
    assert group.sees(group.bob) == ["before", "while away", "back"]
    said, through = group.syncs(group.bob, 1)
    assert (said, through) == (["while away", "back"], {group.id: 3})
    away = group.app.history.list(group.ana, HistoryQuery(group.id, after_seq=1, limit=1))["items"][0]
    status = group.app.history.status(group.ana, away["message_id"])
    assert {r["user_id"] for r in status["recipients"]} == {group.cy}


def test_who_was_said_to_while_they_were_there_stays_a_recipient(group: Group) -> None:
    group.says("before")
    group.leaves(group.bob)
    message = group.app.history.list(group.ana, HistoryQuery(group.id, after_seq=0))["items"][0]
    status = group.app.history.status(group.ana, message["message_id"])
    assert {r["user_id"] for r in status["recipients"]} == {group.bob, group.cy}


def test_what_was_accepted_before_somebody_left_and_is_routed_after_is_not_told_to_them(group: Group) -> None:
    group.messaging.publisher.take()
    group.messaging.send(group.id, group.ana, "on its way")
    accepted = [e for e in group.messaging.publisher.take() if e.topic == Topic.MESSAGES]
    group.leaves(group.bob)
    events = group.messaging.route(accepted)
    assert {user for event in events for user in event.data["audience"]} == {group.ana, group.cy}


def _registered(app: App) -> str:
    name = f"user-{uuid.uuid4().hex[:12]}"
    wanted = Registration(username=name, email=f"{name}@example.com", password="correct horse battery")
    return str(app.users.register(wanted)["id"])
