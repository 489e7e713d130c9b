"""What docs/clients.md tells the authors of clients, where no other test shows it."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from chat4all import message_claims, sending
from chat4all.bootstrap import App
from chat4all.changing import Edit, Unsend
from chat4all.domain.changes import EDIT
from chat4all.entries import take_number, void
from chat4all.errors import Invalid, Unavailable
from chat4all.history import HistoryQuery
from chat4all.stores.client import WireClient
from chat4all.sync import Sync, Wanted
from chat4all.websocket.actions import Actions
from chat4all.websocket.push import Push, PushFailed
from tests.contract.handlers import request
from tests.contract.messaging import KeptPublisher, Messaging, connected, new_user

NOBODY = "0192f0c1-0000-7000-8000-0000000000bb"
GUIDE = Path(__file__).resolve().parents[2] / "docs/clients.md"


class KeptPush(Push):
    """Keeps frames in the place of a connection."""

    def __init__(self) -> None:
        super().__init__("")
        self.frames: list[dict[str, Any]] = []
        self.is_full = False

    def post(self, connection_id: str, frame: bytes, tries: int = 1) -> None:
        """Keep `frame`; PushFailed where the client does not read."""
        if self.is_full:
            raise PushFailed("429")
        self.frames.append(json.loads(frame))


@pytest.fixture
def messaging(deployed: App) -> Messaging:
    deployed.__dict__["prompt_publisher"] = KeptPublisher()
    deployed.bind_tables()
    return Messaging()


def routed(messaging: Messaging) -> None:
    messaging.route(messaging.publisher.take())


def ask(app: App, user: str, action: str, request_id: Any = "r", **data: Any) -> dict[str, Any]:
    """The reply to one frame."""
    return Actions(app).answer(connected(user), json.dumps({"action": action, "id": request_id, "data": data}))


def test_unread_messages_are_counted_behind_any_number_of_changes(messaging: Messaging, deployed: App) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    first = messaging.send(conversation, ana).message_id
    for number in range(60):
        messaging.send(conversation, bob, f"own {number}")
    for number in range(60):
        found = message_claims.find(ana, first)
        assert messaging.changing._write(found, EDIT, f"edit {number}") is not None
    messaging.send(conversation, ana, "last")
    routed(messaging)
    assert deployed.conversations.get(bob, conversation)["unread_count"] == 2
    assert deployed.conversations.get(ana, conversation)["unread_count"] == 60


def test_a_hole_of_an_earlier_page_holds_complete_through_on_later_ones(messaging: Messaging, deployed: App) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.send(conversation, ana, "1")
    hole = take_number(conversation)
    for text in "345":
        messaging.send(conversation, ana, text)

    def pages(after_seq: int) -> tuple[list[str], list[int]]:
        query, items, through = HistoryQuery(conversation, limit=2, after_seq=after_seq), [], []
        while True:
            page = deployed.history.list(ana, query)
            items += [m["content"] for m in page["items"]]
            through.append(page["complete_through"])
            if page["next_cursor"] is None:
                return items, through
            query = HistoryQuery(conversation, limit=2, cursor=page["next_cursor"])

    assert pages(0) == (["1", "3", "4", "5"], [1, 1, 1])
    assert void(conversation, hole)
    assert pages(1) == (["3", "4", "5"], [3, 5, 5])
    newest = deployed.history.list(ana, HistoryQuery(conversation, limit=2))
    older = deployed.history.list(ana, HistoryQuery(conversation, limit=2, cursor=newest["next_cursor"]))
    assert [m["content"] for m in newest["items"] + older["items"]] == ["5", "4", "3", "1"]


def test_many_edits_of_one_message_cost_a_page_one_call(
    messaging: Messaging, deployed: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    for number in range(5):
        messaging.changing.edit(Edit(ana, message_id, f"edit {number}"))
    calls: list[str] = []
    call = WireClient.call
    monkeypatch.setattr(
        WireClient,
        "_make_api_call",
        lambda *a: calls.append(a[1]) or call(*a),  # type: ignore[func-returns-value]
    )
    page = deployed.history.list(ana, HistoryQuery(conversation, after_seq=1))
    assert ([c["seq"] for c in page["changes"]], page["complete_through"]) == ([6], 6)
    assert calls == ["GetItem", "Query", "BatchGetItem"]


def test_a_change_that_was_overtaken_is_told_to_nobody(messaging: Messaging, deployed: App) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    found = message_claims.find(ana, messaging.send(conversation, ana, "0").message_id)
    assert messaging.changing._write(found, EDIT, "won") is not None
    assert messaging.changing._write(found, EDIT, "lost") is None
    page = deployed.history.list(ana, HistoryQuery(conversation, after_seq=1))
    assert [(c["seq"], c["message"]["revision"]) for c in page["changes"]] == [(2, 2)]
    assert page["complete_through"] == 3
    assert deployed.history.list(ana, HistoryQuery(conversation, after_seq=2))["changes"] == []
    assert deployed.history.list(ana, HistoryQuery(conversation, after_seq=0))["changes"] == []


def test_what_is_not_written_yet_cannot_be_answered(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its answer could get the lower number: design.md 6, causal order."""
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = str(uuid.uuid4())
    with monkeypatch.context() as dying:
        dying.setattr(sending, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            messaging.send(conversation, ana, message_id=message_id)
    with pytest.raises(Invalid) as early:
        messaging.send(conversation, ana, "answer", reply_to=message_id)
    assert early.value.errors[0].pointer == "/reply_to"
    messaging.send(conversation, ana, message_id=message_id)
    assert messaging.send(conversation, bob, "answer", reply_to=message_id).seq == 2


def test_a_deleted_message_can_be_answered_and_one_of_another_conversation_cannot(messaging: Messaging) -> None:
    ana, bob = new_user(), new_user()
    conversation, other = messaging.conversation(ana, bob), messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana).message_id
    messaging.changing.unsend(Unsend(ana, message_id))
    assert messaging.send(conversation, bob, reply_to=message_id).seq == 3
    with pytest.raises(Invalid):
        messaging.send(other, bob, reply_to=message_id)


@pytest.mark.parametrize(
    ("action", "data", "pointer"),
    [
        ("send", {"conversation_id": "x", "type": "text", "content": "hi"}, "/data/conversation_id"),
        ("send", {"type": "text", "content": "hi"}, "/data/conversation_id"),
        ("send", {"conversation_id": "", "type": "text", "content": ""}, "/data/content"),
        ("send", {"conversation_id": "", "type": "text", "content": "hi", "channels": ["fax"]}, "/data/channels/0"),
        (
            "send",
            {"conversation_id": "", "type": "text", "content": "hi", "metadata": {"x": "y" * 3000}},
            "/data/metadata",
        ),
        ("edit", {"message_id": "", "content": ""}, "/data/content"),
        ("receipt", {"conversation_id": ""}, "/data"),
        ("receipt", {"conversation_id": "", "read_seq": 99}, "/data/read_seq"),
        ("sync", {"conversations": {"x": 0}}, "/data/conversations/x"),
        ("heartbeat", {"x": 1}, "/data/x"),
    ],
)
def test_errors_point_into_the_frame(
    messaging: Messaging, deployed: App, action: str, data: dict[str, Any], pointer: str
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    ids = {"conversation_id": conversation, "message_id": messaging.send(conversation, ana).message_id}
    error = ask(deployed, ana, action, **{k: ids[k] if k in ids and v == "" else v for k, v in data.items()})["error"]
    assert (error["status"], error["errors"][0]["pointer"]) == (400, pointer)
    assert error["detail"].startswith(f"{pointer}: ") or pointer.count("/") == 1 or ": " not in error["detail"]


@pytest.mark.parametrize(("given", "answered"), [("a", "a"), (7, 7), (True, None), (1.5, None), ({}, None)])
def test_a_reply_has_the_id_of_its_request(messaging: Messaging, deployed: App, given: Any, answered: Any) -> None:
    reply = ask(deployed, new_user(), "dance", given)
    assert (reply["type"], reply["id"]) == ("error", answered)
    wrong = "/id" if answered is None else "/action"
    assert [error["pointer"] for error in reply["error"]["errors"]] == [wrong]
    assert type(reply["id"]) is type(answered)


def test_acks_are_as_the_guide_says(messaging: Messaging, deployed: App) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana, "0").message_id
    deployed.__dict__["sync"] = Sync(deployed.history, KeptPush(), deployed.rate_limiter)
    message = set(deployed.history.get(ana, message_id)) - {"status"}
    asked: dict[str, dict[str, Any]] = {
        "send": {"conversation_id": conversation, "type": "text", "content": "1"},
        "edit": {"message_id": message_id, "content": "2"},
        "delete": {"message_id": message_id},
        "receipt": {"conversation_id": conversation, "read_seq": 1},
        "sync": {"conversations": {conversation: 0}},
    }
    for action, data in asked.items():
        (said,) = re.findall(rf"^\| `{action}` \|[^|]*\| ([^|]*) \|$", GUIDE.read_text(), re.MULTILINE)
        reply = ask(deployed, ana, action, **data)
        assert reply["type"] == "ack", reply
        if said == "the message":
            assert message <= set(reply["data"]) <= message | {"revision", "edited_at", "deleted_at"}
        else:
            assert set(reply["data"]) == set(re.findall(r"`(\w+)`", said)), action


def test_a_sync_that_is_broken_off_says_so(messaging: Messaging, deployed: App) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.send(conversation, ana)
    push = KeptPush()
    push.is_full = True
    with pytest.raises(Unavailable):
        Sync(deployed.history, push, deployed.rate_limiter).run(connected(ana), Wanted({conversation: 0}))
    push.is_full = False
    assert Sync(deployed.history, push, deployed.rate_limiter).run(connected(ana), Wanted({conversation: 0})) == {
        "messages": 1
    }
    assert [f["type"] for f in push.frames] == ["sync.message", "sync.done"]


@pytest.mark.parametrize(
    ("function", "path", "body"),
    [
        ("messages_send", "/v1/messages", {"conversation_id": NOBODY, "type": "text", "content": "hi"}),
        ("conversations", "/v1/conversations", {"type": "private", "member_ids": [NOBODY]}),
        ("members", f"/v1/conversations/{NOBODY}/members", {"user_id": NOBODY}),
    ],
)
@pytest.mark.parametrize("key", ["", " "])
def test_an_idempotency_key_that_says_nothing_is_refused(
    messaging: Messaging, function: str, path: str, body: dict[str, Any], key: str
) -> None:
    """As a key it would make all that is created one."""
    answer = request(function, "POST", path, json_body=body, caller=new_user(), headers={"idempotency-key": key})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "Idempotency-Key")


def test_who_waits_for_an_edit_waits_for_kafka_no_longer_than_who_sends(deployed: App) -> None:
    assert deployed.changing._publisher is deployed.sending._publisher is deployed.prompt_publisher


@pytest.mark.parametrize("order", ["newest first", "oldest first"])
def test_pages_of_long_texts_stay_within_what_lambda_may_answer(
    messaging: Messaging, deployed: App, order: str
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    for _ in range(60):
        messaging.send(conversation, ana, "😀" * 16_384)
    routed(messaging)
    query = HistoryQuery(conversation, limit=100, after_seq=0 if order == "oldest first" else None)
    seqs: list[int] = []
    while True:
        page = deployed.history.list(ana, query)
        assert page["items"]
        assert len(json.dumps(json.dumps(page, ensure_ascii=False), ensure_ascii=False).encode()) < 6_000_000
        seqs += [message["seq"] for message in page["items"]]
        if page["next_cursor"] is None:
            break
        query = HistoryQuery(conversation, limit=100, cursor=page["next_cursor"])
    assert seqs == sorted(range(1, 61), reverse=order == "newest first")
