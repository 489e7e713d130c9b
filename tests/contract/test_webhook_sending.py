"""Deliveries on the real tables: signed, in order, by the schedule and across restarts; and who fails delays only themselves."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from standardwebhooks import Webhook as Verifier

from chat4all.clock import ms_of
from chat4all.domain.webhook import NewSecret, WebhookChanges
from chat4all.domain.webhook_health import FAILING_MS, JITTER, SCHEDULE_S
from chat4all.ids import new_id
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.stores.webhooks import find_delivery
from chat4all.webhooks import attempts
from tests.contract.conftest import DynamoDb
from tests.contract.outgoing_world import OutgoingWorld, outgoing_world

pytestmark = pytest.mark.engines
HOUR_MS = 3_600_000


@pytest.fixture
def world(dynamodb: DynamoDb) -> Iterator[OutgoingWorld]:
    with outgoing_world(dynamodb, PUBLIC_URL="https://hub.example") as world:
        yield world


def prompt(world: OutgoingWorld, owner: str, path: str) -> dict[str, str]:
    """An endpoint that is known to answer at once."""
    made = world.endpoint(owner, path)
    world.app.webhook_deliveries.test(owner, made["id"])
    world.send()
    world.retry_until_quiet(2_000)
    assert world.stored(owner, made).is_prompt
    world.receiver.received.clear()
    return made


def test_a_delivery_is_what_the_standards_own_verifier_accepts(world: OutgoingWorld) -> None:
    owner, conversation = world.user(), new_id()
    made = prompt(world, owner, "a")
    event = world.message(conversation, "Olá", owner, seq=7)
    world.happen(event)
    (got,) = world.receiver.at("a")
    verified = Verifier(made["secret"]).verify(got.body, got.headers)
    assert verified["type"] == "message.created"
    assert verified["data"] == event.data["data"]
    assert got.headers["webhook-id"] == event.id
    (*_, logged) = world.log(owner, made)
    assert (logged["status"], logged["event_id"], logged["conversation_id"]) == ("delivered", event.id, conversation)
    assert [attempt["status_code"] for attempt in logged["attempts"]] == [200]


def test_who_is_not_known_to_answer_promptly_is_asked_aside(world: OutgoingWorld) -> None:
    """A server that hangs holds back no partition: the batch does not wait for those of whom nothing is known."""
    owner = world.user()
    made = world.endpoint(owner, "a")
    world.happen(world.message(new_id(), "first", owner))
    assert world.receiver.received == []
    (lane,) = world.lanes()
    assert "not known to answer promptly" in lane.cause
    world.retry_until_quiet(2_000)
    assert world.receiver.contents("a") == ["first"]
    world.happen(world.message(new_id(), "second", owner))
    assert world.receiver.contents("a") == ["first", "second"]
    assert world.lanes() == []
    assert [each["status"] for each in world.log(owner, made)] == ["delivered", "delivered"]


def test_every_attempt_comes_at_its_time_across_restarts_and_then_it_is_given_up(world: OutgoingWorld) -> None:
    """More than 27 hours by a clock that is set; between any two attempts all processes are others."""
    owner, conversation = world.user(), new_id()
    made = prompt(world, owner, "a")
    world.receiver.statuses["a"] = lambda _: 503
    world.happen(world.message(conversation, "first", owner), world.message(conversation, "second", owner, seq=2))
    while world.receiver.contents("a").count("first") < len(SCHEDULE_S):
        world.restart()
        due = world.next_due()
        assert due is not None
        world.offset_ms += max(0, due - world.now_ms())
        world.retry()
    times = [each.at_ms for each in world.receiver.at("a") if each.event["data"]["content"] == "first"]
    gaps_s = [(after - before) / 1000 for before, after in pairwise(times)]
    for gap_s, planned_s in zip(gaps_s, SCHEDULE_S[1:], strict=True):
        assert planned_s <= gap_s <= planned_s * (1 + JITTER) + 3, gaps_s
    assert times[-1] - times[0] > 27 * HOUR_MS
    failed = next(each for each in world.log(owner, made) if each["status"] == "failed")
    assert failed["reason"] == "given_up: the last attempt has failed"
    assert [attempt["status_code"] for attempt in failed["attempts"]] == [503] * len(SCHEDULE_S)
    world.retry_until_quiet(400_000)  # the longest rest of an endpoint that fails
    assert "second" in world.receiver.contents("a"), "what was behind it is tried now"
    assert world.publisher.letters == []


def test_a_failing_endpoint_delays_its_own_conversation_only_and_keeps_its_order(world: OutgoingWorld) -> None:
    owner, other = world.user(), world.user()
    bad, good = prompt(world, owner, "bad"), prompt(world, other, "good")
    one, two = new_id(), new_id()
    world.receiver.statuses["bad"] = lambda number: 500 if number < 2 else 200
    for number in range(3):
        world.happen(
            world.message(one, f"one {number}", owner, other, seq=number + 1),
            world.message(two, f"two {number}", owner, other, seq=number + 1),
        )
    for name in ("one", "two"):
        assert [text for text in world.receiver.contents("good") if text.startswith(name)] == [
            f"{name} {number}" for number in range(3)
        ]
    world.retry_until_quiet()
    for name in ("one", "two"):
        firsts = list(dict.fromkeys(text for text in world.receiver.contents("bad") if text.startswith(name)))
        assert firsts == [f"{name} {number}" for number in range(3)]
    assert world.lanes() == []
    for made, user in ((bad, owner), (good, other)):
        assert {each["status"] for each in world.log(user, made)} == {"delivered"}


def test_of_many_conversations_one_at_a_time_asks_whether_a_failing_endpoint_is_back(world: OutgoingWorld) -> None:
    owner = world.user()
    prompt(world, owner, "a")
    world.receiver.statuses["a"] = lambda _: 500
    for number in range(3):
        world.happen(world.message(new_id(), f"{number}", owner))
    world.receiver.received.clear()
    world.happen(*(world.message(new_id(), f"more {number}", owner) for number in range(20)))
    assert world.receiver.received == [], "it rests"
    world.offset_ms += 6_500
    world.retry()
    assert len(world.receiver.received) == 1
    world.receiver.statuses.clear()
    world.retry_until_quiet(400_000)
    assert len(set(world.receiver.contents("a"))) == 23
    assert world.lanes() == []


@pytest.mark.parametrize(
    ("header", "waits_s"),
    [
        ("120", 120),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 5),
        ("Wed, 21 Oct 2065 07:28:00 GMT", 86_400),
        ("9" * 40, 86_400),
        ("soon", 5),
        ("-7", 5),
        ("", 5),
    ],
)
def test_an_endpoint_may_ask_for_more_time(world: OutgoingWorld, header: str, waits_s: int) -> None:
    owner = world.user()
    made = prompt(world, owner, "a")
    world.receiver.statuses["a"], world.receiver.retry_after["a"] = (lambda _: 429), header
    world.happen(world.message(new_id(), "first", owner))
    (waiting,) = [each for each in world.log(owner, made) if each["status"] == "pending"]
    tried_at, next_at = ms_of(waiting["attempts"][0]["at"]), ms_of(waiting["next_attempt_at"])
    assert 1000 * waits_s <= next_at - tried_at < 1000 * waits_s + 5_000


def test_who_has_become_slow_is_asked_aside_until_they_answer_promptly_again(world: OutgoingWorld) -> None:
    owner = world.user()
    prompt(world, owner, "a")
    world.patch.setattr(attempts, "PROMPT_MS", -1)
    world.happen(world.message(new_id(), "slow", owner))
    world.patch.setattr(attempts, "PROMPT_MS", 60_000)
    assert world.receiver.contents("a") == ["slow"]
    world.happen(world.message(new_id(), "aside", owner))
    assert world.receiver.contents("a") == ["slow"]
    world.retry_until_quiet(2_000)
    world.happen(world.message(new_id(), "at once", owner))
    assert world.receiver.contents("a") == ["slow", "aside", "at once"]


def test_one_quick_answer_after_a_long_one_is_not_enough(world: OutgoingWorld) -> None:
    """Who answers well and hangs in turn would have the others of a partition wait each time."""
    owner = world.user()
    made = prompt(world, owner, "a")
    world.patch.setattr(attempts, "PROMPT_MS", -1)
    world.patch.setattr(attempts, "_LONG_MS", -1)
    world.happen(world.message(new_id(), "long", owner))
    world.patch.setattr(attempts, "PROMPT_MS", 60_000)
    world.patch.setattr(attempts, "_LONG_MS", 60_000)
    for text in ("aside", "still aside"):
        world.happen(world.message(new_id(), text, owner))
        assert text not in world.receiver.contents("a")
        world.retry_until_quiet(2_000)
    assert world.receiver.contents("a") == ["long", "aside", "still aside"]
    world.offset_ms += 300_000
    world.happen(world.message(new_id(), "the last aside", owner))
    world.retry_until_quiet(2_000)
    assert world.stored(owner, made).is_prompt


def test_a_record_that_comes_twice_is_sent_once(world: OutgoingWorld) -> None:
    owner = world.user()
    prompt(world, owner, "a")
    event = world.message(new_id(), "once", owner)
    world.happen(event)
    world.happen(event, event)
    assert world.receiver.contents("a") == ["once"]


def test_gone_disables_at_once_and_tells_the_owner_and_their_other_endpoints(world: OutgoingWorld) -> None:
    owner, conversation = world.user(), new_id()
    gone, other = prompt(world, owner, "gone"), prompt(world, owner, "other")
    world.receiver.statuses["gone"] = lambda _: 410
    told: list[Event] = []
    publish = world.publisher.publish

    def publish_and_tell(events: Sequence[Event]) -> None:
        told.extend(each for each in events if each.topic == Topic.EVENTS)
        publish(events)

    world.patch.setattr(world.publisher, "publish", publish_and_tell)
    world.happen(world.message(conversation, "first", owner), world.message(conversation, "second", owner, seq=2))
    found = world.app.webhooks.get(owner, gone["id"])
    assert (found["status"], found["disabled_reason"]) == ("disabled", "gone")
    (event,) = told
    assert (event.type, event.data["audience"]) == ("chat4all.webhook.disabled.v1", [owner])
    assert world.receiver.contents("gone") == ["first"]
    assert world.receiver.contents("other")[-1] == "webhook.disabled"
    assert world.receiver.at("other")[-1].event["data"] == {"webhook_id": gone["id"], "reason": "gone"}
    logged = world.log(owner, gone)
    assert {each["reason"].partition(":")[0] for each in logged[1:]} == {"gone", "webhook_disabled"}
    world.happen(world.message(conversation, "third", owner, seq=3))
    assert len(world.log(owner, gone)) == 3, "for one that is disabled nothing is kept"
    assert other["id"] != gone["id"]


def test_five_days_of_failure_disable_and_enabling_begins_anew(world: OutgoingWorld) -> None:
    owner = world.user()
    made = prompt(world, owner, "a")
    world.receiver.statuses["a"] = lambda _: 500
    began = world.now_ms()
    number = 0
    while world.app.webhooks.get(owner, made["id"])["status"] == "enabled":
        assert world.now_ms() - began < FAILING_MS + 30 * HOUR_MS
        world.happen(world.message(new_id(), f"{number}", owner))
        number += 1
        world.offset_ms += 20 * HOUR_MS
        world.retry()
    assert world.now_ms() - began >= FAILING_MS
    found = world.app.webhooks.get(owner, made["id"])
    assert found["disabled_reason"] == "failing"
    enabled = world.app.webhooks.update(owner, made["id"], WebhookChanges(status="enabled"))
    assert (enabled["status"], "disabled_reason" in enabled) == ("enabled", False)
    world.receiver.statuses.clear()
    world.happen(world.message(new_id(), "again", owner))
    assert world.receiver.contents("a")[-1] == "again"


def test_a_success_in_between_ends_the_failure(world: OutgoingWorld) -> None:
    owner = world.user()
    made = prompt(world, owner, "a")
    for day in range(8):
        world.receiver.statuses["a"] = lambda _, day=day: 200 if day == 3 else 500  # type: ignore[misc]
        world.happen(world.message(new_id(), f"{day}", owner))
        world.offset_ms += 24 * HOUR_MS
    assert world.app.webhooks.get(owner, made["id"])["status"] == "enabled"
    world.retry()


def test_what_was_on_its_way_to_a_deleted_endpoint_ends(world: OutgoingWorld) -> None:
    owner = world.user()
    made = prompt(world, owner, "a")
    world.receiver.statuses["a"] = lambda _: 500
    world.happen(world.message(new_id(), "first", owner))
    (pending,) = [each for each in world.log(owner, made) if each["status"] == "pending"]
    world.app.webhooks.delete(owner, made["id"])
    world.receiver.received.clear()
    world.offset_ms += 10_000
    world.retry()
    assert (world.receiver.received, world.lanes()) == ([], [])
    found = find_delivery(made["id"], pending["id"])
    assert found is not None
    assert (found.status, found.reason) == ("failed", "webhook_deleted: nothing is sent to it any more")


def test_both_secrets_sign_for_as_long_as_they_overlap(world: OutgoingWorld) -> None:
    owner = world.user()
    made = prompt(world, owner, "a")
    new = world.app.webhooks.new_secret(owner, made["id"], NewSecret(overlap_s=60))
    world.happen(world.message(new_id(), "first", owner))
    (got,) = world.receiver.at("a")
    for secret in (made["secret"], new["secret"]):
        Verifier(secret).verify(got.body, got.headers)
    world.offset_ms += 61_000
    world.happen(world.message(new_id(), "second", owner))
    assert len(world.receiver.at("a")[-1].headers["webhook-signature"].split(" ")) == 1
