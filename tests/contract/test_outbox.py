"""The sweeper on a real engine: what never reached Kafka is published, and nothing else."""

import pytest

from chat4all import outbox
from chat4all.stores.sweeps import Sweep
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user


@pytest.fixture
def messaging(dynamodb: DynamoDb) -> Messaging:
    made = Messaging()
    bind(dynamodb.table_prefix)
    dynamodb.clear("messages")
    dynamodb.clear("sweeps")
    return made


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = outbox.now_ms()
    monkeypatch.setattr(outbox, "now_ms", lambda: int(now + seconds * 1000))


def test_a_lost_message_is_published_and_then_routed(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.publisher.broken = True
    messaging.send(conversation, ana, "lost")
    messaging.send(conversation, ana, "lost too")
    messaging.publisher.broken = False
    assert messaging.sweeper.sweep().published == 0  # too young to be called lost
    later(monkeypatch, 6)
    assert messaging.sweeper.sweep().published == 1  # the first takes the rest along
    (nudge,) = messaging.publisher.take()
    assert nudge.data["content"] == "lost"
    assert [e.data["seq"] for e in messaging.route([nudge])] == [1, 2]
    assert messaging.sweeper.sweep().published == 0


def test_what_is_routed_is_left_and_its_minutes_are_closed(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.send(conversation, ana)
    messaging.route(messaging.publisher.take())
    swept = messaging.sweeper.sweep()
    assert (swept.examined, swept.published) == (1, 0)
    later(monkeypatch, 240)
    assert messaging.sweeper.sweep().examined == 1
    assert messaging.sweeper.sweep().examined == 0
    assert Sweep.get("0").through_minute == outbox.now_ms() // 60_000 - 2


def test_a_pause_of_the_sweeper_loses_nothing(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    messaging.sweeper.sweep()
    conversation = messaging.conversation(ana, new_user())
    messaging.publisher.broken = True
    messaging.send(conversation, ana, "before the pause")
    messaging.publisher.broken = False
    later(monkeypatch, 3 * 3600)
    assert messaging.sweeper.sweep().published == 1
    assert messaging.sweeper.sweep().published == 1  # again, as nobody has routed it


def test_messages_of_a_deleted_conversation_are_left(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    from chat4all.stores.heads import Head

    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.send(conversation, ana)
    Head(conversation).delete()
    later(monkeypatch, 60)
    assert messaging.sweeper.sweep().published == 0
