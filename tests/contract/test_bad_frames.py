"""Frames that are wrong in every way that reaches a function: each is answered, says what and where, and costs others nothing.

What the gateway itself refuses (binary, too large, no UTF-8): tests/local/websocket_api/test_messages.py.
"""

import json
import uuid
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.connections import Connections
from chat4all.domain.frame_fitting import MESSAGE_BYTES
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.websocket.push import Push
from tests.benchmarks.units import CountedUnits
from tests.contract.handlers import invoke
from tests.contract.messaging import KeptPublisher, Messaging, new_user

Frame = dict[str, Any]
NOBODYS = "0192f0c1-0000-7000-8000-00000000dead"
DEEP = '{"x":' * 40 + "1" + "}" * 40
DEEPEST = "[" * 60_000


class KeptPush(Push):
    """Keeps what is posted, to connections that are all open."""

    def __init__(self) -> None:
        super().__init__("")
        self.frames: list[Frame] = []

    def post(self, connection_id: str, frame: bytes, tries: int = 1) -> None:
        self.frames.append(json.loads(frame))

    def is_gone(self, connection_id: str) -> bool:
        return False


class World:
    """Ana and Bob in a conversation with one message; Eve is in none."""

    def __init__(self, app: App) -> None:
        self.messaging = Messaging()
        for name in ("publisher", "prompt_publisher"):
            app.__dict__[name] = KeptPublisher()
        app.__dict__["push"] = self.push = KeptPush()
        self.ana, self.bob, self.eve = new_user(), new_user(), new_user()
        self.conversation = self.messaging.conversation(self.ana, self.bob)
        sent = self.messaging.send(self.conversation, self.ana)
        self.message = sent.message_id
        self.messaging.route(self.messaging.publisher.take())

    def send(self, user_id: str, body: str, action: str = "heartbeat") -> Frame:
        """The reply to a frame as the gateway gives it to the function."""
        context: Frame = {"routeKey": action, "connectionId": "c=", "apiId": "a", "domainName": "d", "stage": "live"}
        context |= {"authorizer": {"user_id": user_id, "expires_at": str(now_ms() + 600_000), "session_id": ""}}
        answer = invoke("websocket_actions", {"requestContext": context, "body": body})
        assert answer["statusCode"] == 200
        assert len(answer["body"].encode()) <= MESSAGE_BYTES
        reply: Frame = json.loads(answer["body"])
        return reply

    def ask(self, user_id: str, action: str, **data: Any) -> Frame:
        return self.send(user_id, json.dumps({"action": action, "id": "i", "data": data}), action)


@pytest.fixture
def world(deployed: App) -> World:
    return World(deployed)


@pytest.mark.parametrize(
    ("body", "code", "request_id", "pointer"),
    [
        ("", "invalid_json", None, None),
        ("nonsense", "invalid_json", None, None),
        ("[1]", "invalid_json", None, None),
        ("\x00", "invalid_json", None, None),
        ('{"action": "heartbeat", "id": 1, "data": {"x": NaN}}', "invalid_json", None, None),
        ('{"action": "heartbeat", "id": 1e999}', "invalid_json", None, None),
        ('{"action": "heartbeat", "id": 1, "data": ' + DEEP + "}", "invalid_json", None, None),
        ('{"action": "heartbeat", "data": ' + DEEPEST, "invalid_json", None, None),
        ('{"action": "heartbeat", "id": "\\ud800"}', "invalid_json", None, None),
        ('{"action": "heartbeat", "id": 1, "data": {"\\udfff": 1}}', "invalid_json", None, None),
        ('{"action": "heartbeat", "id": true}', "invalid", None, "/id"),
        ('{"action": "heartbeat", "id": {"a": 1}}', "invalid", None, "/id"),
        ('{"action": "heartbeat", "id": 1.5}', "invalid", None, "/id"),
        ('{"action": "heartbeat", "id": "%s"}' % ("x" * 257), "invalid", None, "/id"),
        ('{"action": "heartbeat", "id": %s}' % ("9" * 400), "invalid", None, "/id"),
        ('{"action": "heartbeat", "id": %s}' % ("9" * 5000), "invalid_json", None, None),
        ('{"action": "heartbeat", "id": 7, "data": {"x": 1}}', "invalid", 7, "/data/x"),
        ('{"action": "heartbeat", "id": 7, "data": []}', "invalid", 7, "/data"),
        ('{"action": "heartbeat", "id": 7, "more": 1}', "invalid", 7, "/more"),
        ('{"id": 7}', "invalid", 7, "/action"),
        ('{"action": 5, "id": 7}', "invalid", 7, "/action"),
        ('{"action": "dance", "id": 7}', "unknown_action", 7, "/action"),
        ('{"action": "__init__", "id": 7}', "unknown_action", 7, "/action"),
        ('{"action": "sync", "id": 7, "data": {"conversations": {"x": 1}}}', "invalid", 7, "/data/conversations/x"),
        ('{"action": "sync", "id": 7, "data": {"conversations": {"' + NOBODYS + '": -1}}}', "invalid", 7, None),
        ('{"action": "sync", "id": 7, "data": {"conversations": {"' + NOBODYS + '": "1"}}}', "invalid", 7, None),
        ('{"action": "sync", "id": 7, "data": {"conversations": {"' + NOBODYS + '": 1e300}}}', "invalid", 7, None),
        ('{"action": "sync", "id": 7, "data": {"conversations": []}}', "invalid", 7, "/data/conversations"),
        ('{"action": "sync", "id": 7, "data": {"after": "\\u0000"}}', "invalid", 7, "/data/after"),
    ],
)
def test_it_is_said_what_is_wrong_and_where(
    world: World, body: str, code: str, request_id: Any, pointer: str | None
) -> None:
    reply = world.send(world.ana, body)
    error = reply["error"]
    assert (reply["type"], reply["id"], error["code"], error["status"]) == ("error", request_id, code, 400)
    assert len(json.dumps(reply)) < 2_000, "what is huge is not repeated"
    if pointer is not None:
        assert [found["pointer"] for found in error["errors"]] == [pointer]
    assert world.ask(world.ana, "heartbeat")["type"] == "ack", "and the next one is answered"


def test_of_more_conversations_than_a_sync_takes_it_is_said_how_many(world: World) -> None:
    reply = world.ask(world.ana, "sync", conversations={str(uuid.uuid4()): 0 for _ in range(1_001)})
    assert reply["error"]["errors"][0]["pointer"] == "/data/conversations"
    assert "1000" in reply["error"]["detail"]


def test_with_other_peoples_ids_nothing_is_learnt_and_nothing_done(world: World) -> None:
    eve, conversation, message = world.eve, world.conversation, world.message
    asked: list[tuple[str, Frame]] = [
        ("send", {"conversation_id": conversation, "type": "text", "content": "x"}),
        ("edit", {"message_id": message, "content": "x"}),
        ("delete", {"message_id": message}),
        ("react", {"message_id": message, "emoji": "👍"}),
        ("receipt", {"conversation_id": conversation, "read_seq": 1}),
        ("typing", {"conversation_id": conversation}),
        ("heartbeat", {"conversation_id": conversation}),
    ]
    for action, data in asked:
        reply = world.ask(eve, action, **data)
        nothing = {name: NOBODYS if name.endswith("_id") else value for name, value in data.items()}
        same = world.ask(eve, action, **nothing)
        assert (reply["error"]["status"], reply["error"]["code"]) == (404, "not_found"), action
        assert reply == same, "as for what does not exist"
    assert world.ask(eve, "sync", conversations={conversation: 0})["data"] == {"messages": 0}
    assert [frame["data"] for frame in world.push.frames] == [{"conversations": {}, "other": [], "more": False}]
    assert Message.get(conversation, 1).content == "hi"
    assert world.ask(world.bob, "edit", message_id=message, content="x")["error"]["status"] == 403


def test_receipts_out_of_order_and_of_what_does_not_exist_change_nothing(world: World) -> None:
    for _ in range(2):
        world.messaging.send(world.conversation, world.ana)
    world.messaging.route(world.messaging.publisher.take())
    for seq, stands in ((3, 3), (1, 3), (2, 3), (0, 3)):
        reply = world.ask(world.bob, "receipt", conversation_id=world.conversation, read_seq=seq)
        assert reply["data"]["read_seq"] == stands
    for beyond in (4, 2**53 - 1):
        reply = world.ask(world.bob, "receipt", conversation_id=world.conversation, read_seq=beyond)
        assert reply["error"]["errors"][0]["pointer"] == "/data/read_seq"
    for wrong in (2**53, -1, "3", 2.5, None, True):
        assert world.ask(world.bob, "receipt", conversation_id=world.conversation, read_seq=wrong)["type"] == "error"


def test_a_flood_of_what_has_no_limit_of_its_own_is_refused_at_no_call(world: World) -> None:
    """Hundreds at once from one connection."""
    with CountedUnits(Member.client()) as counted:
        asked = [world.ask(world.bob, "receipt", conversation_id=world.conversation, read_seq=1) for _ in range(200)]
    refused = [reply["error"] for reply in asked if reply["type"] == "error"]
    assert {error["code"] for error in refused} == {"rate_limited"}
    assert all(0 < error["retry_after"] <= 1 for error in refused)
    assert sum(counted.calls.values()) <= 5 + (200 - len(refused))
    assert world.ask(world.ana, "receipt", conversation_id=world.conversation, read_seq=1)["type"] == "ack"


def test_a_reply_that_is_larger_than_a_message_says_what_it_leaves_out(world: World) -> None:
    text = "\x01" * 16_384
    assert world.ask(world.ana, "edit", message_id=world.message, content=text)["type"] == "ack"
    reactions = {new_user(): {"seq": 1, "emojis": [chr(0x1F600 + n) for n in range(10)]} for _ in range(100)}
    Message(world.conversation, 1).update([Message.reactions.set(reactions), Message.reactions_version.set(1)])
    reply = world.ask(world.ana, "edit", message_id=world.message, content=text[1:])
    assert reply["data"]["truncated"] == ["reactions"]


def test_a_connection_that_nobody_knows_is_known_by_its_heartbeat_and_told_to_sync(world: World) -> None:
    assert world.ask(world.ana, "heartbeat")["data"]["sync"] is True
    assert "sync" not in world.ask(world.ana, "heartbeat")["data"]
    Connections().forget(world.ana, "c=")
    assert world.ask(world.ana, "heartbeat")["data"]["sync"] is True
