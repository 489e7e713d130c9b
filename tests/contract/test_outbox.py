"""The sweeper on a real engine: what never reached Kafka is published, nothing else, and whatever fails meanwhile."""

import time
from typing import Any

import pytest

from chat4all import change_entries, entries, outbox, routing
from chat4all.changing import Edit
from chat4all.stores.heads import Head
from chat4all.stores.messages import Message
from chat4all.stores.sweeps import Sweep
from chat4all.stores.table import bind
from chat4all.tracing.current import following
from chat4all.tracing.trace_context import new_trace
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
    now = outbox.engine_now_ms()
    monkeypatch.setattr(outbox, "engine_now_ms", lambda: int(now + seconds * 1000))


def lost(messaging: Messaging, conversation: str, sender: str, *contents: str) -> None:
    messaging.publisher.broken = True
    for content in contents:
        messaging.send(conversation, sender, content)
    messaging.publisher.broken = False


def test_a_lost_message_is_published_and_then_routed(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    lost(messaging, conversation, ana, "lost", "lost too")
    assert messaging.sweeper.sweep().published == 0  # too young to be called lost
    later(monkeypatch, 6)
    assert messaging.sweeper.sweep().published == 1  # the first takes the rest along
    (nudge,) = messaging.publisher.take()
    assert nudge.data["content"] == "lost"
    assert [e.data["seq"] for e in messaging.route([nudge])] == [1, 2]
    assert messaging.sweeper.sweep() == outbox.Swept(examined=2)


def test_what_was_lost_goes_on_in_the_trace_in_which_it_was_sent(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, traces = new_user(), [new_trace(), new_trace()]
    conversation = messaging.conversation(ana, new_user())
    for number, trace in enumerate(traces):
        with following(trace):
            lost(messaging, conversation, ana, f"lost {number}")
    later(monkeypatch, 6)
    messaging.sweeper.sweep()
    (nudge,) = messaging.publisher.take()
    assert nudge.trace == traces[0]
    told = messaging.route([nudge])
    assert [(event.data["data"]["content"], event.trace) for event in told] == [
        ("lost 0", traces[0]),
        ("lost 1", traces[1]),
    ]


def test_a_lost_change_is_published_and_then_told(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    messaging.route(messaging.publisher.take())
    with monkeypatch.context() as dying:
        dying.setattr(change_entries, "apply", lambda *_: exit())
        with pytest.raises(SystemExit):
            messaging.changing.edit(Edit(ana, message_id, "1"))
    later(monkeypatch, 6)
    assert messaging.sweeper.sweep().published == 1
    (told,) = messaging.route(messaging.publisher.take())
    assert (told.data["client_type"], told.data["data"]["content"]) == ("message.updated", "1")


def test_what_is_routed_is_not_read_for_ever(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.send(conversation, ana)
    messaging.route(messaging.publisher.take())
    later(monkeypatch, 6)
    assert messaging.sweeper.sweep() == outbox.Swept(examined=1)
    later(monkeypatch, 240)
    assert messaging.sweeper.sweep().examined == 1
    assert messaging.sweeper.sweep() == outbox.Swept()
    assert Sweep.get("0").through_ms == outbox.engine_now_ms() - 60_000


def test_a_pause_of_the_sweeper_loses_nothing(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    messaging.sweeper.sweep()
    conversation = messaging.conversation(ana, new_user())
    lost(messaging, conversation, ana, "before the pause")
    later(monkeypatch, 3 * 3600)
    assert messaging.sweeper.sweep().published == 1
    # By another sweeper, as nobody has routed it; and though its minute is past, which is read no more.
    swept = Messaging(publisher=messaging.publisher).sweeper.sweep()
    assert (swept.examined, swept.behind, swept.published) == (0, 1, 1)


def test_a_long_pause_is_made_up_for_bit_by_bit(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_MINUTES_MAX", 30)
    monkeypatch.setattr(outbox, "_READ_MAX", 2)
    ana = new_user()
    messaging.sweeper.sweep()
    conversation = messaging.conversation(ana, new_user())
    lost(messaging, conversation, ana, *(str(number) for number in range(5)))
    later(monkeypatch, 3600)
    passes = [messaging.sweeper.sweep()]
    while not passes[-1].is_complete:
        passes.append(messaging.sweeper.sweep())
    assert 4 <= len(passes) <= 7
    assert all(swept.examined <= 2 for swept in passes)
    assert [e.data["seq"] for e in messaging.route(messaging.publisher.take())] == [1, 2, 3, 4, 5]
    assert messaging.sweeper.sweep().behind == 0


def test_messages_of_a_deleted_conversation_are_left(messaging: Messaging, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.send(conversation, ana)
    Head(conversation).delete()
    later(monkeypatch, 60)
    assert messaging.sweeper.sweep() == outbox.Swept(examined=1)


def test_one_conversation_that_stays_behind_is_woken_ever_less_and_delays_no_other(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    stuck, other = (messaging.conversation(ana, new_user()) for _ in range(2))
    lost(messaging, stuck, ana, "cannot be routed")
    woken = []
    for seconds in range(10, 3600, 10):
        with monkeypatch.context() as at:
            later(at, seconds)
            if messaging.sweeper.sweep().published:
                woken.append(seconds)
    assert woken[:4] == [10, 20, 30, 40]
    assert 10 < len(woken) < 40
    messaging.publisher.take()
    later(monkeypatch, 3600)
    monkeypatch.setattr(entries, "engine_now_ms", outbox.engine_now_ms)
    lost(messaging, other, ana, "can")
    later(monkeypatch, 10)
    messaging.sweeper.sweep()
    assert "can" in [e.data["content"] for e in messaging.publisher.take()]


def test_a_sweeper_whose_clock_was_ahead_for_a_while_misses_nothing(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    with monkeypatch.context() as ahead:
        later(ahead, 7200)
        assert messaging.sweeper.sweep() == outbox.Swept()
    lost(messaging, conversation, ana, "lost")
    later(monkeypatch, 6)
    assert messaging.sweeper.sweep().published == 1


@pytest.mark.parametrize("hours", [-3, 3])
def test_clocks_that_jump_hide_nothing(messaging: Messaging, monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """What is lost while a clock is wrong is found when it is right again: DynamoDB's own counts."""
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    with monkeypatch.context() as jump:
        wrong = time.time() + hours * 3600
        jump.setattr(time, "time", lambda: wrong)
        lost(messaging, conversation, ana, "lost")
        entries.take_number(conversation)
        lost(messaging, conversation, ana, "behind a hole")
    later(monkeypatch, 6)
    assert messaging.sweeper.sweep().published == 1
    assert len(messaging.route(messaging.publisher.take())) == 1
    monkeypatch.setattr(routing, "engine_now_ms", lambda: outbox.engine_now_ms() + 21_000)
    messaging.sweeper.sweep()
    assert len(messaging.route(messaging.publisher.take())) == 1


def test_a_backlog_of_one_conversation_is_routed_by_one_waking(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    with Message.batch_write() as batch:
        for seq in range(1, 251):
            batch.save(
                Message(
                    conversation,
                    seq,
                    message_id=new_user(),
                    sender_id=ana,
                    channel="in_app",
                    type="text",
                    content=str(seq),
                    created_at=outbox.engine_now_ms(),
                    written_at=outbox.engine_now_ms(),
                    outbox_bucket=f"0#{outbox.engine_now_ms() // 60_000}",
                )
            )
    Head(conversation).update([Head.last_seq.set(250)])
    later(monkeypatch, 10)
    assert messaging.sweeper.sweep().published == 1
    assert [e.data["seq"] for e in messaging.route(messaging.publisher.take())] == list(range(1, 251))


class _Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


def test_a_run_outlasts_kafkas_absence_and_a_shard_that_cannot_be_read(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch, clock: _Clock
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    lost(messaging, conversation, ana, "lost")
    later(monkeypatch, 6)
    working = outbox.standing_of

    def failing(shard: str) -> Any:
        if 0 < clock.now < 30:
            raise OSError("does not answer")
        return working(shard)

    monkeypatch.setattr(outbox, "standing_of", failing)
    messaging.publisher.broken = True

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        messaging.publisher.broken = clock.now < 60

    passes = messaging.sweeper.run(sleep, clock)
    assert len(passes) == 12
    assert [swept.failed for swept in passes[:6]] == [1] * 6
    assert passes[6].published == 1
    assert messaging.publisher.take()[0].data["content"] == "lost"
