"""The log over its function: pages, states, test events, and replays of one and of many in their order."""

from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.clock import rfc3339
from chat4all.domain.webhook import WebhookChanges
from chat4all.ids import new_id
from chat4all.pages import encode_cursor
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import Answer, request
from tests.contract.outgoing_world import OutgoingWorld, outgoing_world

pytestmark = pytest.mark.engines


@pytest.fixture
def world(dynamodb: DynamoDb) -> Iterator[OutgoingWorld]:
    with outgoing_world(dynamodb) as world:
        yield world


def ask(caller: str, method: str, path: str, body: Any = None, **more: Any) -> Answer:
    return request("webhook_deliveries", method, f"/v1/webhooks/{path}", json_body=body, caller=caller, **more)


@pytest.fixture
def ana(world: OutgoingWorld) -> str:
    return world.user()


@pytest.fixture
def hook(world: OutgoingWorld, ana: str) -> str:
    """An endpoint that is known to answer at once; its `webhook.test` is the first in its log."""
    made = world.endpoint(ana, "a")
    answer = ask(ana, "POST", f"{made['id']}/test")
    assert answer.status == 202
    world.send()
    world.retry_until_quiet(2_000)
    (got,) = world.receiver.at("a")
    assert got.headers["webhook-id"] == answer.body["event_id"]
    assert got.event | {"timestamp": ""} == {
        "type": "webhook.test",
        "timestamp": "",
        "data": {"webhook_id": made["id"]},
    }
    world.receiver.received.clear()
    return str(made["id"])


def deliveries(ana: str, hook: str, **query: str) -> dict[str, Any]:
    answer = ask(ana, "GET", f"{hook}/deliveries", query=query)
    assert answer.status == 200, answer.body
    return dict(answer.body)


def test_a_log_has_pages_the_newest_first_and_by_status(world: OutgoingWorld, ana: str, hook: str) -> None:
    world.receiver.statuses["a"] = lambda number: 500 if number == 2 else 200
    conversations = [new_id() for _ in range(5)]
    for number, conversation in enumerate(conversations):
        world.happen(world.message(conversation, f"{number}", ana))
    found, cursor = [], None
    while True:
        page = deliveries(ana, hook, limit="2", **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert [each.get("conversation_id") for each in found] == [*reversed(conversations), None]
    assert found[-1]["event_type"] == "webhook.test"
    (pending,) = deliveries(ana, hook, status="pending")["items"]
    assert pending["conversation_id"] == conversations[2]
    assert pending["next_attempt_at"] > pending["attempts"][0]["at"]
    assert len(deliveries(ana, hook, status="delivered")["items"]) == 5
    assert deliveries(ana, hook, status="failed") == {"items": [], "next_cursor": None}
    assert "payload" not in str(found)


def test_one_is_sent_again_with_its_own_id(world: OutgoingWorld, ana: str, hook: str) -> None:
    event = world.message(new_id(), "again", ana)
    world.happen(event)
    (newest, *_) = deliveries(ana, hook)["items"]
    answer = ask(ana, "POST", f"{hook}/replay", {"delivery_id": newest["id"]})
    assert (answer.status, answer.body) == (202, {"replayed": 1, "next_cursor": None})
    world.send()
    first, second = world.receiver.at("a")
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == event.id
    assert first.headers["webhook-signature"] or second.headers["webhook-signature"]
    (newest, *_) = deliveries(ana, hook)["items"]
    assert (newest["status"], len(newest["attempts"])) == ("delivered", 2)


def test_a_range_is_sent_again_in_the_order_of_each_conversation(world: OutgoingWorld, ana: str, hook: str) -> None:
    one, two = new_id(), new_id()
    before = world.now_ms()
    world.offset_ms += 1_000
    for number in range(4):
        world.happen(world.message(one, f"one {number}", ana), world.message(two, f"two {number}", ana))
        world.offset_ms += 1_000
    world.receiver.received.clear()
    middle = {"from": rfc3339(before + 1_500), "to": rfc3339(world.now_ms() - 500)}
    answer = ask(ana, "POST", f"{hook}/replay", middle)
    assert answer.status == 202
    world.send()
    sent = world.receiver.contents("a")
    assert len(sent) == answer.body["replayed"] >= 6
    for name in ("one", "two"):
        numbers = [text for text in sent if text.startswith(name)]
        assert numbers == sorted(numbers)
    assert ask(ana, "POST", f"{hook}/replay", middle | {"status": "failed"}).body["replayed"] == 0


def test_a_long_range_goes_on_where_it_ended(
    world: OutgoingWorld, ana: str, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat4all.webhooks.deliveries.REPLAYED_MAX", 3)
    conversation = new_id()
    span = {"from": rfc3339(world.now_ms() - 60_000)}
    for number in range(7):
        world.happen(world.message(conversation, f"{number}", ana, seq=number + 1))
    world.receiver.received.clear()
    span["to"] = rfc3339(world.now_ms() + 60_000)
    replayed, cursor = [], None
    while True:
        body = span | ({"cursor": cursor} if cursor else {})
        answer = ask(ana, "POST", f"{hook}/replay", body).body
        replayed.append(answer["replayed"])
        world.send()
        if (cursor := answer["next_cursor"]) is None:
            break
    assert replayed == [3, 3, 2]
    sent = world.receiver.contents("a")
    assert [text for text in sent if text != "webhook.test"] == [f"{number}" for number in range(7)]


def test_what_waits_is_tried_at_once(world: OutgoingWorld, ana: str, hook: str) -> None:
    """After an outage of hours nobody waits for the next attempt of the schedule."""
    conversation = new_id()
    world.receiver.statuses["a"] = lambda _: 503
    world.happen(world.message(conversation, "first", ana), world.message(conversation, "second", ana, seq=2))
    for _ in range(4):
        due = world.next_due()
        assert due is not None
        world.offset_ms += max(0, due - world.now_ms())
        world.retry()
    world.receiver.statuses.clear()
    world.receiver.received.clear()
    world.app.webhooks.update(ana, hook, WebhookChanges(status="enabled"))
    span = {"from": rfc3339(world.now_ms() - 86_400_000), "to": rfc3339(world.now_ms() + 60_000)}
    answer = ask(ana, "POST", f"{hook}/replay", span | {"status": "pending"})
    assert answer.body["replayed"] == 2
    world.send()
    world.retry_until_quiet(2_000)
    assert world.receiver.contents("a") == ["first", "second"]
    assert world.lanes() == []


def test_a_failed_one_gets_its_whole_schedule_again(world: OutgoingWorld, ana: str, hook: str) -> None:
    world.receiver.statuses["a"] = lambda _: 410
    world.happen(world.message(new_id(), "gone", ana))
    (failed,) = deliveries(ana, hook, status="failed")["items"]
    refused = ask(ana, "POST", f"{hook}/replay", {"delivery_id": failed["id"]})
    assert (refused.status, refused.body["code"]) == (409, "webhook_disabled")
    assert ask(ana, "POST", f"{hook}/test").body["code"] == "webhook_disabled"
    world.app.webhooks.update(ana, hook, WebhookChanges(status="enabled"))
    world.receiver.statuses["a"] = lambda _: 500
    assert ask(ana, "POST", f"{hook}/replay", {"delivery_id": failed["id"]}).status == 202
    world.send()
    (waiting,) = deliveries(ana, hook, status="pending")["items"]
    assert "reason" not in waiting
    assert [each["status_code"] for each in waiting["attempts"]] == [410, 500]


def test_of_others_there_are_none_and_bad_input_is_told(world: OutgoingWorld, ana: str, hook: str) -> None:
    stranger = world.user()
    (delivery,) = deliveries(ana, hook)["items"]
    for path, method, body in (
        ("deliveries", "GET", None),
        ("test", "POST", None),
        ("replay", "POST", {"delivery_id": delivery["id"]}),
    ):
        for which in (hook, new_id(), "not-an-id"):
            assert ask(stranger, method, f"{which}/{path}", body).status == 404
    assert ask(ana, "POST", f"{hook}/replay", {"delivery_id": new_id()}).status == 404
    for query in ({"status": "lost"}, {"limit": "0"}, {"cursor": "x"}, {"page": "1"}):
        assert ask(ana, "GET", f"{hook}/deliveries", query=query).status == 400
    for body in ({}, {"from": "x", "to": "y"}, {"delivery_id": "x"}):
        assert ask(ana, "POST", f"{hook}/replay", body).status == 400
    span = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "cursor": "x"}
    assert ask(ana, "POST", f"{hook}/replay", span).body["code"] == "invalid_cursor"
    made = encode_cursor(["zzzz"], f"replay:{hook.rpartition('/')[2]}:{span['from']}:{span['to']}:None")
    answer = ask(ana, "POST", f"{hook}/replay", span | {"cursor": made})
    assert (answer.status, answer.body["replayed"]) == (202, 0), "beyond the range there is nothing"


def test_what_kafka_does_not_take_is_told_and_can_be_asked_again(world: OutgoingWorld, ana: str, hook: str) -> None:
    world.publisher.broken = True
    assert ask(ana, "POST", f"{hook}/test").status == 503
    world.publisher.broken = False
    (pending,) = deliveries(ana, hook, status="pending")["items"]
    assert ask(ana, "POST", f"{hook}/replay", {"delivery_id": pending["id"]}).status == 202
    world.send()
    assert deliveries(ana, hook, status="pending")["items"] == []


def test_too_many_tests_are_refused(world: OutgoingWorld, ana: str, hook: str) -> None:
    statuses = [ask(ana, "POST", f"{hook}/test").status for _ in range(12)]
    assert statuses[-1] == 429
    assert statuses.count(202) <= 10


def test_after_two_weeks_it_is_nobodys_any_more(world: OutgoingWorld, ana: str, hook: str) -> None:
    """Also as long as DynamoDB has not removed it."""
    (delivery,) = deliveries(ana, hook)["items"]
    world.offset_ms += 14 * 24 * 3_600_000 + 1_000
    assert deliveries(ana, hook)["items"] == []
    assert ask(ana, "POST", f"{hook}/replay", {"delivery_id": delivery["id"]}).status == 404
