"""What every channel's connector does, shown by the fifth one (tests/channels/sms)."""

from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.channels import statuses
from chat4all.channels.contacts import change_address
from chat4all.channels.fates import NotSent, ThrottledUntil, TryAgain
from chat4all.channels.inbound import AddressChanged, Contact, Inbound
from chat4all.clock import now_ms
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.stores.accounts import Account
from chat4all.stores.deliveries import Delivery, ways
from chat4all.stores.identities import Identity, address_key
from chat4all.stores.messages import Message
from tests.channels.sms import limits
from tests.contract.conftest import DynamoDb
from tests.contract.sms_world import SmsWorld, delivery, running_sms_world

ANN = "351910"


@pytest.fixture
def world(dynamodb: DynamoDb) -> Iterator[SmsWorld]:
    with running_sms_world(dynamodb) as world:
        yield world


@pytest.fixture
def account(world: SmsWorld) -> Account:
    return world.new_account()


@pytest.fixture
def conversation(world: SmsWorld, account: Account) -> str:
    """With a contact who wrote a moment ago."""
    return str(world.hears(account, ANN, "hi", "m1").conversation_id)


def statuses_of(said: Message, parts: int = 1) -> list[str]:
    return [delivery(ANN, said, part).status for part in range(parts)]


def test_what_was_sent_is_not_sent_again(world: SmsWorld, account: Account, conversation: str) -> None:
    said = world.says(conversation, "yes")
    assert [(e.data["status"], e.data["external_id"]) for e in world.deliver(account, ANN, said)] == [("sent", "s1")]
    assert [e.data["status"] for e in world.deliver(account, ANN, said, connector=world.new_connector())] == ["sent"]
    assert world.gateway.texts == ["yes"]


def test_parts_go_in_order_and_go_on_where_they_stopped(world: SmsWorld, account: Account, conversation: str) -> None:
    said = world.says(conversation, "a" * 160 + "b" * 160 + "c")
    world.gateway.answers = [(200, {}), (503, {})]
    with pytest.raises(NotSent) as failed:
        world.deliver(account, ANN, said)
    assert isinstance(failed.value.fate, TryAgain)
    assert statuses_of(said, 2) == ["sent", "accepted"]
    assert [e.data["status"] for e in world.apply()] == ["sent"]
    world.deliver(account, ANN, said)
    assert [text[0] for text in world.gateway.texts] == ["a", "b", "c"]
    assert statuses_of(said, 3) == ["sent"] * 3
    assert delivery(ANN, said).parts == 3


def test_after_a_part_that_can_never_be_sent_the_rest_fails_with_it(
    world: SmsWorld, account: Account, conversation: str
) -> None:
    said = world.says(conversation, "a" * 161)
    world.gateway.answers = [(410, {})]
    reports = world.deliver(account, ANN, said)
    assert [(e.data["part"], e.data["status"]) for e in reports] == [(0, "failed"), (1, "failed")]
    assert world.gateway.taken == []


def test_a_throttle_says_when(world: SmsWorld, account: Account, conversation: str) -> None:
    world.gateway.answers = [(429, {"retry-after": "7"})]
    with pytest.raises(NotSent) as throttled:
        world.deliver(account, ANN, world.says(conversation, "x"))
    assert throttled.value.wait_s == 7


def test_what_does_not_come_again_has_expired(world: SmsWorld, account: Account, conversation: str) -> None:
    world.gateway.answers = [(503, {})]
    said = world.says(conversation, "x")
    world.deliver(account, ANN, said, last=True)
    assert delivery(ANN, said).reason.startswith("expired: unreachable:")


# --- windows


def test_nothing_is_sent_outside_the_window_and_all_inside(
    world: SmsWorld, account: Account, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = world.says(conversation, "late")
    with monkeypatch.context() as patched:
        patched.setattr(limits, "DAY_MS", 0)
        world.deliver(account, ANN, late)
    assert (delivery(ANN, late).status, delivery(ANN, late).reason.split(":")[0]) == ("failed", "outside_window")
    world.deliver(account, ANN, world.says(conversation, "in time"))
    assert world.gateway.texts == ["in time"]


def test_who_never_wrote_is_outside_unless_the_account_may(world: SmsWorld, conversation: str) -> None:
    said = world.says(conversation, "x")
    world.deliver(world.new_account(), ANN, said)
    short = world.new_account(number="12345")
    world.deliver(short, ANN, world.says(conversation, "y"))
    assert [(body["text"], body["class"]) for body in world.gateway.taken] == [("y", "short")]


# --- rates


def test_who_is_sent_too_much_waits_and_nobody_else(
    world: SmsWorld, account: Account, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RATES", limits.Rates(account=(1000.0, 1000), recipient=(0.01, 1)))
    world.deliver(account, ANN, world.says(conversation, "one"))
    with pytest.raises(NotSent) as paced:
        world.deliver(account, ANN, world.says(conversation, "two"), connector=world.new_connector())
    assert isinstance(paced.value.fate, ThrottledUntil)
    assert paced.value.fate.reason.startswith("paced:")
    assert 1 < paced.value.wait_s <= 100
    other = world.hears(account, "352", "hi", "m2")
    world.deliver(account, "352", world.says(other.conversation_id, "three"))
    assert world.gateway.texts == ["one", "three"]


def test_a_short_turn_is_waited_for(
    world: SmsWorld, account: Account, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RATES", limits.Rates(account=(1000.0, 1000), recipient=(5.0, 1)))
    said = [world.says(conversation, text) for text in "ab"]
    for message in said:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("chat4all.rate_limits.now_ms", steps(now_ms(), 100))
            world.deliver(account, ANN, message)
    assert world.gateway.texts == ["a", "b"]


def steps(start: int, step: int) -> Any:
    """A clock that goes on by `step` with each look."""
    now = start

    def look() -> int:
        nonlocal now
        now += step
        return now

    return look


# --- statuses


def test_a_report_raises_its_part_and_none_lowers_it(world: SmsWorld, account: Account, conversation: str) -> None:
    said = world.says(conversation, "a" * 161)
    world.deliver(account, ANN, said)
    world.report(account, ANN, "s2", "delivered")
    world.report(account, ANN, "s2", "accepted")
    world.report(account, ANN, "s1", "rejected", error="no phone")
    assert statuses_of(said, 2) == ["failed", "delivered"]
    assert delivery(ANN, said).reason == "refused: no phone"


def test_a_message_in_parts_is_what_the_lowest_of_them_is_and_never_goes_back(
    world: SmsWorld, account: Account, conversation: str
) -> None:
    said = world.says(conversation, "a" * 160 + "b" * 160 + "c")
    told: list[str] = []

    def tells(events: list[Event]) -> list[str]:
        told.extend(e.data["data"]["status"] for e in world.messaging.publisher.take() if e.topic is Topic.EVENTS)
        key = f"{int(said.seq):012d}#"
        (way,) = ways(Delivery.query(conversation, Delivery.delivery_key.startswith(key))).values()
        return [way, *(e.data["status"] for e in events)]

    world.gateway.answers = [(200, {}), (503, {})]
    with pytest.raises(NotSent):
        world.deliver(account, ANN, said)
    assert tells(world.apply()) == ["accepted", "sent"]
    assert tells(world.deliver(account, ANN, said)) == ["sent", "sent", "sent", "sent"]
    for external_id in ("s1", "s3"):
        assert tells(world.report(account, ANN, external_id, "delivered")) == ["sent", "delivered"]
    assert tells(world.report(account, ANN, "s2", "delivered")) == ["delivered", "delivered"]
    assert told == sorted(told, key=["accepted", "sent", "delivered"].index)
    assert told[-1] == "delivered"


def test_a_report_before_the_sends_answer_is_kept_until_then(
    world: SmsWorld, account: Account, conversation: str
) -> None:
    for state in ("accepted", "delivered", "accepted"):
        assert world.report(account, ANN, "s1", state) == []
    said = world.says(conversation, "x")
    assert [e.data["status"] for e in world.deliver(account, ANN, said)] == ["sent", "delivered"]
    assert statuses_of(said) == ["delivered"]


def test_a_report_in_the_moment_of_writing_is_found_by_one_of_both(
    world: SmsWorld, account: Account, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = world.says(conversation, "x")
    keep = statuses.keep_early_report

    def written_meanwhile(*arguments: Any) -> None:
        """The connector has looked for reports just before this one is kept."""
        world.deliver(account, ANN, said)
        keep(*arguments)

    monkeypatch.setattr(statuses, "keep_early_report", written_meanwhile)
    world.report(account, ANN, "s1", "delivered")
    assert statuses_of(said) == ["delivered"]


def test_a_watermark_raises_all_that_was_sent_before_it_and_only_once(
    world: SmsWorld, account: Account, conversation: str
) -> None:
    said = [world.says(conversation, text) for text in ("one", "two", "three")]
    for message in said[:2]:
        world.deliver(account, ANN, message)
    between = now_ms()
    first = world.report(account, ANN, "s9", "delivered", through=between)
    assert [e.data["seq"] for e in first] == [int(message.seq) for message in said[:2]]
    assert world.report(account, ANN, "s9", "delivered", through=between) == []
    sent_at = int(delivery(ANN, said[1]).sent_at)
    while now_ms() <= between:
        pass
    world.deliver(account, ANN, said[2])
    assert statuses_of(said[2]) == ["sent"]
    assert world.report(account, ANN, "s9", "delivered", through=sent_at) == []
    assert len(world.report(account, ANN, "s9", "delivered", through=now_ms() + 10**9)) == 1
    assert statuses_of(said[2]) == ["delivered"]


def test_a_watermark_before_the_sends_answer_is_met_by_it(world: SmsWorld, account: Account, conversation: str) -> None:
    said = world.says(conversation, "x")
    post = world.sender.send  # type: ignore[attr-defined]

    def send(*arguments: Any) -> Any:
        answer = post(*arguments)
        world.report(account, ANN, "s9", "delivered", through=now_ms())
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(world.sender, "send", send)
        world.deliver(account, ANN, said)
    assert statuses_of(said) == ["delivered"]


# --- addresses


def test_another_address_of_the_same_person_is_the_same_contact(world: SmsWorld, account: Account) -> None:
    def says(address: str, *aliases: str, external_id: str) -> Identity:
        contact = Contact(address, "Ann", aliases)
        acceptance = world.receiver._happenings._acceptance
        accepted = acceptance.accept(account, Inbound(external_id, contact, "text", external_id))
        found = Identity.get(address_key("sms", account.id, ANN), consistent_read=True)
        assert found.conversation_id == accepted.conversation_id
        return found

    says(ANN, external_id="m1")
    says("user-7", ANN, external_id="m2")
    known = says("user-7", external_id="m3")
    assert (known.aliases, known.current_address) == ({"user-7"}, "user-7")
    world.deliver(account, ANN, world.says(known.conversation_id, "to the newest"))
    assert [body["to"] for body in world.gateway.taken] == ["user-7"]
    world.report(account, "user-7", "s1", "delivered")
    world.report(account, ANN, "s1", "delivered")


def test_a_changed_address_is_answered_there_and_the_old_one_keeps_working(
    world: SmsWorld, account: Account, conversation: str
) -> None:
    change = AddressChanged(ANN, "352000")
    change_address(account, change.old, change.new)
    said = world.says(conversation, "x")
    world.deliver(account, ANN, said)
    assert [body["to"] for body in world.gateway.taken] == ["352000"]
    world.report(account, "352000", "s1", "delivered")
    assert statuses_of(said) == ["delivered"]
    for number, address in enumerate((ANN, "352000")):
        assert world.hears(account, address, "me", f"n{number}").conversation_id == conversation
