"""Ids do not tell what exists: not by the answer, nor by what it costs to find it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.errors import Conflict, DomainError, Invalid
from chat4all.history import HistoryQuery
from chat4all.stores.client import WireClient
from chat4all.stores.messages import MessageId
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user

pytestmark = pytest.mark.usefixtures("deployed")


@pytest.fixture
def messaging(dynamodb: DynamoDb) -> Messaging:
    made = Messaging()
    bind(dynamodb.table_prefix)
    return made


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that are called, in order."""
    made: list[str] = []
    call = WireClient.call

    def counted(client: WireClient, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        made.append(operation)
        return call(client, operation, arguments)

    monkeypatch.setattr(WireClient, "call", counted)
    monkeypatch.setattr(WireClient, "_make_api_call", counted)
    return made


def test_what_is_others_and_what_is_not_there_cost_the_same_calls(
    messaging: Messaging, deployed: App, calls: list[str]
) -> None:
    eve, theirs = new_user(), messaging.conversation(new_user(), new_user())
    own, sender = messaging.conversation(eve, new_user()), new_user()
    message = messaging.send(messaging.conversation(sender, new_user()), sender).message_id
    of_conversations: list[Callable[[str], Any]] = [
        lambda i: deployed.conversations.get(eve, i),
        lambda i: deployed.conversations.update(eve, i, {"title": "x"}),
        lambda i: deployed.conversations.delete(eve, i),
        lambda i: deployed.history.list(eve, HistoryQuery(i)),
        lambda i: deployed.members.list(eve, i, 10, None),
        lambda i: deployed.members.remove(eve, i, eve),
        lambda i: messaging.send(i, eve),
    ]
    of_messages: list[Callable[[str], Any]] = [
        lambda i: deployed.history.get(eve, i),
        lambda i: deployed.history.status(eve, i),
        lambda i: messaging.send(own, eve, reply_to=i),
    ]
    for asks, others in ((of_conversations, theirs), (of_messages, message)):
        for ask in asks:
            assert told(ask, others, calls) == told(ask, str(uuid.uuid4()), calls)


def told(ask: Callable[[str], Any], target: str, calls: list[str]) -> tuple[str, str, list[str]]:
    calls.clear()
    with pytest.raises(DomainError) as caught:
        ask(target)
    return caught.value.code, caught.value.detail, list(calls)


def test_the_id_of_a_strangers_message_is_free(messaging: Messaging, deployed: App) -> None:
    ana, bob, eve, dan = (new_user() for _ in range(4))
    first, second = messaging.conversation(ana, bob), messaging.conversation(eve, dan)
    theirs = messaging.send(first, ana, "secret")
    mine = messaging.send(second, eve, "probe", message_id=theirs.message_id)
    assert (mine.message_id, mine.conversation_id, mine.seq) == (theirs.message_id, second, 1)
    assert messaging.send(second, eve, "probe", message_id=theirs.message_id) == mine
    for other in ("another text", "secret"):
        with pytest.raises(Conflict):
            messaging.send(second, eve, other, message_id=theirs.message_id)
    assert deployed.history.get(eve, theirs.message_id)["content"] == "probe"
    assert deployed.history.get(bob, theirs.message_id)["content"] == "secret"
    assert MessageId.get(theirs.message_id).sender_id == ana
    with pytest.raises(Conflict):  # who can see it is told
        messaging.send(first, bob, "secret", message_id=theirs.message_id)


def test_a_receipt_for_a_number_without_a_message_is_refused(messaging: Messaging, deployed: App) -> None:
    from chat4all.entries import take_number

    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    messaging.send(conversation, ana)
    assert take_number(conversation) == 2
    for seq in (2, 3):
        with pytest.raises(Invalid) as caught:
            deployed.receipts.record(bob, conversation, seq, None)
        assert caught.value.errors[0].pointer == "/delivered_seq"
    assert deployed.receipts.record(bob, conversation, 1, None).delivered_seq == 1
