"""Fallbacks and mirrors on a real engine: each once, at its time, whatever dies; and what a recipient has stops the chain."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from chat4all import fallbacks
from chat4all.bootstrap import App
from chat4all.channels.inbound_mirrors import InboundMirrors
from chat4all.clock import now_ms
from chat4all.domain.message import SendBody
from chat4all.domain.routing_rules import NewRule
from chat4all.errors import Invalid, Unavailable
from chat4all.fallbacks import Fallbacks, NotYet
from chat4all.history import History
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import PublishFailed
from chat4all.message_commands import send_command
from chat4all.mirrors import FileOnItsWay, Mirrors
from chat4all.retries.retrier import Retrier
from chat4all.routing_rules import RoutingRules
from chat4all.stores.accounts import Account
from chat4all.stores.deliveries import Delivery
from chat4all.stores.files import COMPLETED, PENDING, File, FileUse, place_of
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.retries import ParkedRecord, RetryLane
from chat4all.stores.table import bind
from chat4all.validation import validate
from tests.contract.conftest import DynamoDb
from tests.contract.consumer_events import as_raws, event_of
from tests.contract.handlers import invoke
from tests.contract.messaging import Messaging, new_user
from tests.contract.retry_world import Called, Letters

CHAIN = {"fallback": {"chain": ["in_app", "whatsapp", "telegram"], "wait_s": 60}}


class Desk:
    """Ana's conversation with somebody who is on the app, WhatsApp and Telegram."""

    def __init__(self, in_app: int = 1) -> None:
        self.messaging = Messaging()
        self.fallbacks = Fallbacks(self.messaging.publisher)
        self.mirrors = Mirrors(self.messaging.sending)
        self.ana, self.bob = new_user(), new_user()
        self.conversation = self.messaging.conversation(self.ana, roles=["owner"])
        addresses = [{"channel": c, "account_id": new_user(), "address": self.bob} for c in ("whatsapp", "telegram")]
        Member(
            self.conversation, self.bob, role="member", joined_at=now_ms(), in_app=in_app, addresses=addresses
        ).save()

    def rule(self, action: dict[str, Any], **conditions: Any) -> None:
        RoutingRules().create(self.ana, validate(NewRule, {"action": action, "conditions": conditions}))

    def say(self, content: str = "hi", **fields: Any) -> list[Event]:
        """What the router publishes of a message."""
        self.messaging.send(self.conversation, self.ana, content, **fields)
        return self.messaging.route(self.messaging.publisher.take())

    def go_on(self, event: Event) -> list[Event]:
        """What comes of a step."""
        self.fallbacks.go_on(event.data)
        return self.messaging.publisher.take()

    def is_reached(self, channel: str, status: str) -> None:
        """Report it of the first message."""
        for delivery in Delivery.query(
            self.conversation, Delivery.delivery_key.startswith(f"{1:012d}#{self.bob}#{channel}#")
        ):
            delivery.update([Delivery.status.set(status)])


@pytest.fixture(autouse=True)
def tables(dynamodb: DynamoDb) -> None:
    bind(dynamodb.table_prefix)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock of fallbacks."""
    return lambda seconds: monkeypatch.setattr(fallbacks, "now_ms", lambda: now_ms() + round(seconds * 1000))


def kinds(events: list[Event]) -> list[str]:
    """`<noun>` of each, with the channel of deliveries and the step of fallbacks."""
    return [
        f"{e.type.split('.')[1]} {e.data.get('channel', e.data.get('step', ''))}".strip()
        for e in events
        if e.topic != "chat4all.events"
    ]


def of_kind(events: list[Event], noun: str) -> Event:
    (found,) = [e for e in events if e.type == f"chat4all.{noun}.requested.v1"]
    return found


def test_the_next_channel_is_tried_when_the_wait_is_over(later: Callable[[float], None]) -> None:
    desk = Desk()
    desk.rule(CHAIN)
    told = desk.say("first")
    assert kinds(told) == ["fallback 1"], "in the app it is already"
    with pytest.raises(NotYet) as wait:
        desk.go_on(of_kind(told, "fallback"))
    assert 55 < wait.value.wait_s <= 60
    later(61)
    second = desk.go_on(of_kind(told, "fallback"))
    assert kinds(second) == ["delivery whatsapp", "fallback 2"]
    assert of_kind(second, "delivery").data["message"]["content"] == "first"
    later(130)
    assert kinds(desk.go_on(of_kind(second, "fallback"))) == ["delivery telegram"]
    statuses = {(d.channel, d.status) for d in Delivery.query(desk.conversation)}
    assert statuses == {("whatsapp", "accepted"), ("telegram", "accepted")}


@pytest.mark.parametrize("by", ["app", "whatsapp", "whatsapp failed", "telegram", "unsent", "left"])
def test_whoever_is_reached_gets_it_no_more(later: Callable[[float], None], by: str) -> None:
    desk = Desk()
    chain = ["telegram", "whatsapp"] if by == "telegram" else ["whatsapp", "telegram"]
    desk.rule({"fallback": {"chain": chain, "wait_s": 60}})
    told = desk.say()
    later(61)
    if by == "app":
        Member(desk.conversation, desk.bob).update([Member.delivered_seq.set(1)])
    elif by in ("whatsapp", "whatsapp failed", "telegram"):
        desk.is_reached(by.split()[0], {"whatsapp": "delivered", "telegram": "sent"}.get(by, "failed"))
    elif by == "unsent":
        Message(desk.conversation, 1).update([Message.deleted_at.set(1)])
    else:
        Member(desk.conversation, desk.bob).delete()
    tried = ["delivery telegram"] if by == "whatsapp failed" else []
    assert kinds(desk.go_on(of_kind(told, "fallback"))) == tried


def test_sent_is_not_yet_reached_where_the_channel_can_tell_more(later: Callable[[float], None]) -> None:
    desk = Desk(in_app=0)
    desk.rule(CHAIN)
    told = desk.say()
    assert kinds(told) == ["delivery whatsapp", "fallback 1"]
    desk.is_reached("whatsapp", "sent")
    later(61)
    assert kinds(desk.go_on(of_kind(told, "fallback"))) == ["delivery telegram"]


def test_a_step_that_comes_twice_or_dies_in_between_is_one_delivery(later: Callable[[float], None]) -> None:
    desk = Desk()
    desk.rule(CHAIN)
    step = of_kind(desk.say(), "fallback")
    later(61)
    desk.messaging.publisher.broken = True
    with pytest.raises(PublishFailed):
        desk.go_on(step)
    desk.messaging.publisher.broken = False
    for _ in range(2):
        assert kinds(desk.go_on(step)) == ["delivery whatsapp", "fallback 2"]
    assert len(list(Delivery.query(desk.conversation))) == 1


def test_a_wait_of_a_day_is_two_records(later: Callable[[float], None]) -> None:
    """One that is parked for a day would be given up at the first failure."""
    desk = Desk()
    desk.rule({"fallback": {"chain": ["in_app", "telegram"], "wait_s": 86_400}})
    step = of_kind(desk.say(), "fallback")
    with pytest.raises(NotYet) as wait:
        desk.go_on(step)
    assert wait.value.wait_s <= 12 * 3600
    later(12 * 3600 + 1)
    (again,) = desk.go_on(step)
    assert (again.type, again.data["due_at"], again.data["step"]) == (step.type, step.data["due_at"], 1)


def test_status_shows_the_chain_and_what_was_dropped(later: Callable[[float], None]) -> None:
    desk = Desk(in_app=0)
    desk.rule({"drop": True}, words=["internal"])
    desk.rule({"fallback": {"chain": ["whatsapp", "telegram"], "wait_s": 60}})
    told = desk.say("hello")
    message_id = of_kind(told, "delivery").data["message_id"]

    def recipient() -> dict[str, Any]:
        (found,) = History().status(desk.ana, message_id)["recipients"]
        return dict(found)

    assert recipient()["fallback"] == {
        "wait_s": 60,
        "chain": [{"channel": "whatsapp", "status": "accepted"}, {"channel": "telegram", "status": "waiting"}],
    }
    desk.is_reached("whatsapp", "failed")
    assert recipient()["status"] == "accepted", "the chain goes on"
    later(61)
    desk.go_on(of_kind(told, "fallback"))
    desk.is_reached("telegram", "sent")
    assert [step["status"] for step in recipient()["fallback"]["chain"]] == ["failed", "sent"]
    assert recipient()["status"] == "sent"
    dropped = desk.messaging.send(desk.conversation, desk.ana, "internal")
    desk.messaging.route(desk.messaging.publisher.take())
    (found,) = History().status(desk.ana, dropped.message_id)["recipients"]
    assert (found["status"], found["reason"].split(":")[0]) == ("failed", "dropped")


def test_what_waits_is_parked_and_the_retrier_has_it_done(deployed: App) -> None:
    letters = Letters()
    deployed.__dict__["publisher"] = deployed.__dict__["prompt_publisher"] = letters
    desk = Desk()
    desk.rule(CHAIN)
    step = of_kind(desk.say(), "fallback")
    soon = now_ms() + 300
    event = Event(step.topic, step.type, step.conversation_id, dict(step.data) | {"due_at": soon, "wake_at": soon}, 1)

    assert invoke("rule_actions", event_of(as_raws([event]))) == {"batchItemFailures": []}
    lane = f"rule_actions#{desk.conversation}:1:{desk.bob}:1"
    assert len(list(ParkedRecord.query(lane))) == 1
    retrier = Retrier(deployed.settings, Called("rule_actions", lambda e: invoke("rule_actions", e)), letters)
    deadline = time.monotonic() + 20
    while not letters.events:
        RetryLane(lane).update([RetryLane.next_at.set(now_ms())])
        retrier.retry_due()
        assert time.monotonic() < deadline
    assert kinds(letters.events) == ["delivery whatsapp", "fallback 2"]
    assert list(ParkedRecord.query(lane)) == []


def test_a_mirror_says_it_once_more_and_no_mirror_says_that_again() -> None:
    desk = Desk()
    target = desk.messaging.conversation(desk.ana, new_user(), roles=["owner", "member"])
    desk.rule({"mirror_to": target})
    RoutingRules().create(desk.ana, validate(NewRule, {"action": {"mirror_to": desk.conversation}}))
    request = of_kind(desk.say("look at this"), "mirror")
    assert request.data["target_id"] == target
    for _ in range(2):
        desk.mirrors.mirror(request.data)
    (copy,) = Message.query(target)
    assert (copy.sender_id, copy.content) == (desk.ana, "look at this")
    origin = copy.metadata["mirrored_from"]
    assert (origin["conversation_id"], origin["seq"], origin["sender_id"]) == (desk.conversation, 1, desk.ana)
    again = desk.messaging.route([e for e in desk.messaging.publisher.take() if e.conversation_id == target][:1])
    assert kinds(again) == []
    assert int(Head.get(target).routed_through) == 1
    desk.mirrors.mirror(request.data | {"conversation_id": target, "target_id": desk.conversation})
    assert len(list(Message.query(desk.conversation))) == 1


@pytest.mark.parametrize("then", ["demoted", "left", "deleted", "unsent"])
def test_what_may_not_be_said_there_any_more_is_not_said(then: str) -> None:
    desk = Desk()
    target = desk.messaging.conversation(desk.ana, new_user(), roles=["owner", "member"])
    desk.rule({"mirror_to": target})
    request = of_kind(desk.say(), "mirror")
    if then == "demoted":
        Member(target, desk.ana).update([Member.role.set("member")])
    elif then == "left":
        Member(target, desk.ana).delete()
    elif then == "deleted":
        Head(target).delete()
    else:
        Message(desk.conversation, 1).update([Message.deleted_at.set(1)])
    desk.mirrors.mirror(request.data)
    assert list(Message.query(target)) == []


def test_what_arrives_is_mirrored_where_the_account_says_so() -> None:
    desk = Desk()
    target = desk.messaging.conversation(desk.ana, new_user(), roles=["owner", "member"])
    account = Account(new_user(), owner_id=desk.ana, channel="sms", inbound={"conversation": "by_contact"})
    accepted = desk.messaging.send(desk.conversation, desk.bob, "from outside", channel="telegram")
    desk.messaging.publisher.take()
    mirrors = InboundMirrors(desk.messaging.publisher)
    mirrors.request(account, accepted)
    account.inbound["mirror_to"] = desk.conversation
    mirrors.request(account, accepted)
    assert desk.messaging.publisher.take() == []
    account.inbound["mirror_to"] = target
    for _ in range(2):
        mirrors.request(account, accepted)
    for event in desk.messaging.publisher.take():
        desk.mirrors.mirror(event.data)
    (copy,) = Message.query(target)
    assert (copy.content, copy.metadata["mirrored_from"]["sender_id"]) == ("from outside", desk.bob)
    desk.messaging.publisher.broken = True
    with pytest.raises(Unavailable):
        mirrors.request(account, accepted)


def test_a_file_is_mirrored_when_it_has_come() -> None:
    desk = Desk()
    target = desk.messaging.conversation(desk.ana, new_user(), roles=["owner", "member"])
    desk.rule({"mirror_to": target}, types=["file"])
    file = File(new_user(), owner_id=desk.bob, filename="a.png", content_type="image/png", kind="image", size=1)
    file.status, file.created_at = PENDING, 1
    file.save()
    desk.messaging.send(desk.conversation, desk.bob, "see", channel="telegram")
    Message(desk.conversation, 1).update(
        [Message.type.set("file"), Message.file.set({"file_id": file.file_id, "filename": "a.png"})]
    )
    FileUse(file.file_id, place_of(desk.conversation, 1), conversation_id=desk.conversation, seq=1).save()
    data = {"conversation_id": desk.conversation, "seq": 1, "owner_id": desk.ana, "target_id": target}
    with pytest.raises(FileOnItsWay):
        desk.mirrors.mirror(data)
    file.update([File.status.set(COMPLETED)])
    desk.mirrors.mirror(data)
    (copy,) = [m for m in Message.query(target) if m.type == "file"]
    assert (copy.file["file_id"], copy.content) == (file.file_id, "see")


def test_nobody_else_says_that_something_was_mirrored() -> None:
    body = SendBody(conversation_id=new_user(), type="text", content="x", metadata={"mirrored_from": {}})
    with pytest.raises(Invalid) as refused:
        send_command(new_user(), body)
    assert refused.value.errors[0].pointer == "/metadata/mirrored_from"
