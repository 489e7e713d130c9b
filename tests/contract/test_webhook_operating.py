"""What operators do of outgoing webhooks: deliveries that an error of ours has kept, and those that wait for hours."""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chat4all.admin import operations
from chat4all.admin.cli import main
from chat4all.domain.webhook_signature import signed_headers
from chat4all.ids import new_id
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.webhooks import sender
from tests.contract.conftest import DynamoDb
from tests.contract.consumer_events import event_of, raw
from tests.contract.handlers import invoke
from tests.contract.outgoing_world import OutgoingWorld, outgoing_world

pytestmark = pytest.mark.engines
HOURS_MS = 3 * 3_600_000


@pytest.fixture
def world(dynamodb: DynamoDb) -> Iterator[OutgoingWorld]:
    with outgoing_world(dynamodb) as world:
        yield world


def replay(letter: DeadLetter) -> None:
    """As `scripts/admin dead-letters replay` has it: the record on its topic again, behind all others."""
    assert letter.key is not None
    assert letter.value is not None
    again = raw(letter.topic, letter.value, letter.key, offset=1_000_000)
    assert base64.b64decode(again["value"]) == letter.value
    assert invoke("webhook_send", event_of([again])) == {"batchItemFailures": []}


def test_it_stays_pending_says_why_and_is_sent_when_its_dead_letter_is_replayed(
    world: OutgoingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, conversation = world.user(), new_id()
    made = world.endpoint(owner, "a")

    def broken(event_id: str, *rest: Any) -> Mapping[str, str]:
        if event_id == first.id:
            raise RuntimeError("an error of ours")
        return signed_headers(event_id, *rest)

    first, second = world.message(conversation, "first", owner), world.message(conversation, "second", owner, seq=2)
    monkeypatch.setattr(sender, "signed_headers", broken)
    world.happen(first, second)
    world.retry_until_quiet(HOURS_MS)
    assert world.receiver.contents("a") == ["second"]
    (letter,) = world.publisher.letters
    assert (letter.consumer, letter.cause) == ("webhook_send", "RuntimeError: an error of ours")
    stuck, _ = world.log(owner, made)
    assert (stuck["status"], stuck["event_id"]) == ("pending", first.id)
    assert stuck["reason"].startswith("internal: ")
    monkeypatch.setattr(sender, "signed_headers", signed_headers)
    replay(letter)
    world.retry_until_quiet(HOURS_MS)
    assert world.receiver.contents("a") == ["second", "first"]
    assert ["reason" in each for each in world.log(owner, made)] == [False, False]
    assert [each["status"] for each in world.log(owner, made)] == ["delivered", "delivered"]
    replay(letter)
    world.retry_until_quiet(HOURS_MS)
    assert world.receiver.contents("a") == ["second", "first"], "what is delivered is not sent again"


def test_what_waits_for_hours_is_tried_at_once_when_an_operator_releases_it(
    world: OutgoingWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After an outage of ours all endpoints wait by their schedule, and rest: nobody can ask all of their owners for a replay."""
    monkeypatch.setattr(operations, "_who", lambda: "arn:aws:iam::000000000000:user/op")
    owner, conversation = world.user(), new_id()
    made = world.endpoint(owner, "a")
    world.receiver.statuses["a"] = lambda _: 503
    world.happen(world.message(conversation, "first", owner), world.message(conversation, "second", owner, seq=2))
    world.retry_until_quiet(600_000)
    assert world.receiver.contents("a") == ["first"] * 3
    due = world.next_due()
    assert due is not None
    assert due - world.now_ms() > 1_500_000
    world.receiver.statuses.clear()
    monkeypatch.setattr("chat4all.webhooks.released.now_ms", world.now_ms)
    assert main(["parked", "release", "--consumer", "webhook_send"]) == 0
    assert re.search(r"^1 released$", capsys.readouterr().out, re.MULTILINE)
    world.retry()
    assert world.receiver.contents("a") == [*["first"] * 4, "second"]
    assert [each["status"] for each in world.log(owner, made)] == ["delivered", "delivered"]
    assert len(world.log(owner, made)[0]["attempts"]) == 4
