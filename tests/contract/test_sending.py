"""Sending on a real engine: once, dense, and safe after a death between any two steps."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat4all import sending
from chat4all.entries import take_number, void
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chat4all.sending import Accepted
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user


@pytest.fixture
def messaging(dynamodb: DynamoDb) -> Messaging:
    made = Messaging()
    bind(dynamodb.table_prefix)
    return made


def test_numbers_are_dense_when_eight_send_at_once(messaging: Messaging) -> None:
    users = [new_user() for _ in range(8)]
    conversation = messaging.conversation(*users)
    gave_up: list[Unavailable] = []

    def send(number: int) -> Accepted:
        """As a client does: the same message_id until it is accepted. A busy machine makes the engine too slow for a moment."""
        message_id, deadline = new_user(), time.monotonic() + 60
        while True:
            try:
                return messaging.send(conversation, users[number % 8], message_id=message_id)
            except Unavailable as error:
                gave_up.append(error)
                assert time.monotonic() < deadline
                time.sleep(0.05)

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(send, range(64)))
    seqs = sorted(a.seq for a in accepted)
    assert len(set(seqs)) == 64
    # A number is given up only by who was not answered in time: it becomes void.
    assert seqs[-1] <= 64 + len(gave_up)
    assert sorted(m.message_id for m in Message.query(conversation) if m.type == "text") == sorted(
        a.message_id for a in accepted
    )


def test_one_id_sent_by_eight_at_once_is_one_message(messaging: Messaging) -> None:
    user = new_user()
    conversation = messaging.conversation(user, new_user())
    message_id = str(uuid.uuid4())
    with ThreadPoolExecutor(8) as pool:
        accepted = set(pool.map(lambda _: messaging.send(conversation, user, message_id=message_id), range(8)))
    assert len(accepted) == 1
    kinds = [m.type for m in Message.query(conversation)]
    assert kinds.count("text") == 1
    assert set(kinds) <= {"text", "void"}


def test_the_same_id_with_other_content_or_by_another_is_refused(messaging: Messaging) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana, "x").message_id
    for sender, content in ((ana, "y"), (bob, "x")):
        with pytest.raises(Conflict) as caught:
            messaging.send(conversation, sender, content, message_id=message_id)
        assert caught.value.code == "message_id_reused"


def test_who_may_not_send_writes_nothing(messaging: Messaging) -> None:
    ana, reader = new_user(), new_user()
    conversation = messaging.conversation(ana, reader, roles=["owner", "reader"])
    with pytest.raises(NotFound):
        messaging.send(conversation, new_user())
    with pytest.raises(NotFound):
        messaging.send(str(uuid.uuid4()), ana)
    with pytest.raises(Forbidden):
        messaging.send(conversation, reader)
    with pytest.raises(Invalid) as caught:
        messaging.send(conversation, ana, reply_to=str(uuid.uuid4()))
    assert caught.value.errors[0].pointer == "/reply_to"
    assert list(Message.query(conversation)) == []
    assert messaging.publisher.take() == []


@pytest.mark.parametrize("died_before", ["take_number", "_claim", "write", "publish"])
def test_a_repeat_after_a_death_between_two_steps_is_one_message(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch, died_before: str
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = str(uuid.uuid4())
    with monkeypatch.context() as dying:
        dying.setattr(sending, died_before, died)
        with pytest.raises(KeyboardInterrupt):
            messaging.send(conversation, ana, "x", message_id=message_id)
    accepted = messaging.send(conversation, ana, "x", message_id=message_id)
    assert accepted == messaging.send(conversation, ana, "x", message_id=message_id)
    assert [m.message_id for m in Message.query(conversation)] == [message_id]
    assert {e.data["message_id"] for e in messaging.publisher.take()} == {message_id}


def test_a_sender_whose_number_was_made_void_takes_a_new_one(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = str(uuid.uuid4())
    with monkeypatch.context() as dying:
        dying.setattr(sending, "write", died)
        with pytest.raises(KeyboardInterrupt):
            messaging.send(conversation, ana, message_id=message_id)
    assert void(conversation, 1)
    assert messaging.send(conversation, ana, message_id=message_id).seq == 2
    assert MessageId.get(message_id).seq == 2
    assert [(m.seq, m.type) for m in Message.query(conversation)] == [(1, "void"), (2, "text")]
    assert not void(conversation, 2)


def test_what_is_accepted_while_kafka_is_away_is_kept(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    messaging.publisher.broken = True
    accepted = messaging.send(conversation, ana)
    assert Message.get(conversation, accepted.seq).message_id == accepted.message_id


def test_numbers_of_a_conversation_that_is_gone_are_not_given(messaging: Messaging) -> None:
    with pytest.raises(NotFound):
        take_number(str(uuid.uuid4()))


def died(*_arguments: object) -> None:
    raise KeyboardInterrupt
