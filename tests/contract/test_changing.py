"""Edits and unsends on a real engine: applied once, told in order, and whole after a death between any two steps."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all import applied_changes, change_entries, entries
from chat4all.changing import Edit, Unsend
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound
from chat4all.history import History, HistoryQuery
from chat4all.kafka.events import Event
from chat4all.message_events import entry_accepted
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user


@pytest.fixture
def messaging(dynamodb: DynamoDb) -> Messaging:
    made = Messaging()
    bind(dynamodb.table_prefix)
    return made


def told(events: list[Event]) -> list[tuple[str, Any, Any]]:
    """Type, revision and content of what clients are told of messages."""
    return [(e.data["client_type"], e.data["data"].get("revision"), e.data["data"]["content"]) for e in events]


def died(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_an_edit_is_told_after_its_message_and_shown_in_every_read(messaging: Messaging) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana, "helo").message_id
    edited = messaging.changing.edit(Edit(ana, message_id, "hello"))
    assert (edited["content"], edited["revision"], edited["seq"]) == ("hello", 2, 1)
    accepted = messaging.publisher.take()
    # Records in any order: the message is told first.
    events = messaging.route([accepted[1]])
    assert told(events) == [("message.created", 2, "hello"), ("message.updated", 2, "hello")]
    assert (events[1].data["seq"], events[1].data["audience"]) == (2, sorted([ana, bob]))
    assert messaging.route(accepted) == []
    history = History()
    (shown,) = history.list(bob, HistoryQuery(conversation))["items"]
    assert (shown["content"], shown["revision"], shown["edited_at"]) == ("hello", 2, edited["edited_at"])
    assert history.get(bob, message_id)["content"] == "hello"
    assert '"hello"' in Head.get(conversation).last_message


def test_the_same_again_answers_the_same_and_writes_nothing(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "a").message_id
    first = messaging.changing.edit(Edit(ana, message_id, "b"))
    assert messaging.changing.edit(Edit(ana, message_id, "b")) == first
    gone = messaging.changing.unsend(Unsend(ana, message_id))
    assert messaging.changing.unsend(Unsend(ana, message_id)) == gone
    assert (gone["content"], gone["revision"]) == (None, 3)
    assert [m.type for m in Message.query(conversation)] == ["text", "edit", "delete"]


def test_who_may_change_what(messaging: Messaging) -> None:
    ana, bob, admin, reader = (new_user() for _ in range(4))
    conversation = messaging.conversation(ana, bob, admin, reader, roles=["member", "member", "admin", "reader"])
    message_id = messaging.send(conversation, ana, "a").message_id
    for stranger in (new_user(), new_user()):
        with pytest.raises(NotFound):
            messaging.changing.edit(Edit(stranger, message_id, "x"))
        with pytest.raises(NotFound):
            messaging.changing.unsend(Unsend(stranger, message_id))
    with pytest.raises(NotFound):
        messaging.changing.edit(Edit(ana, new_user(), "x"))
    for other in (bob, admin, reader):
        with pytest.raises(Forbidden):
            messaging.changing.edit(Edit(other, message_id, "x"))
    for other in (bob, reader):
        with pytest.raises(Forbidden):
            messaging.changing.unsend(Unsend(other, message_id))
    for content in ("", "x" * 16_385, 5, {"latitude": 1}):
        with pytest.raises(Invalid) as wrong:
            messaging.changing.edit(Edit(ana, message_id, content))
        assert wrong.value.errors[0].pointer.startswith("/content")
    assert [m.type for m in Message.query(conversation)] == ["text"]
    Member(conversation, ana, role="reader", joined_at=1).save()
    with pytest.raises(Forbidden):
        messaging.changing.edit(Edit(ana, message_id, "x"))
    assert "deleted_at" in messaging.changing.unsend(Unsend(admin, message_id))
    Member(conversation, ana, role="member", joined_at=1).save()
    with pytest.raises(Conflict) as deleted:
        messaging.changing.edit(Edit(ana, message_id, "x"))
    assert deleted.value.code == "message_deleted"


def test_an_unsent_message_and_what_it_said_before_are_erased(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "secret 0", metadata={"secret": 1}).message_id
    for number in range(1, 4):
        messaging.changing.edit(Edit(ana, message_id, f"secret {number}"))
    messaging.route(messaging.publisher.take())
    assert "secret 3" in Head.get(conversation).last_message
    messaging.changing.unsend(Unsend(ana, message_id))
    assert [(m.content, m.metadata) for m in Message.query(conversation)] == [(None, None)] * 5
    assert told(messaging.route(messaging.publisher.take())) == [("message.deleted", 5, None)]
    assert "secret" not in Head.get(conversation).last_message


def test_of_edits_at_once_one_wins_and_the_others_are_told(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id

    def edit(number: int) -> tuple[int, str]:
        try:
            return number, messaging.changing.edit(Edit(ana, message_id, str(number)))["content"]
        except Conflict as error:
            return number, error.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(edit, range(1, 9)))
    won = [number for number, answer in answers if answer == str(number)]
    assert won
    assert {answer for number, answer in answers if number not in won} <= {"edited_meanwhile"}
    final = History().get(ana, message_id)
    assert int(final["content"]) in won
    events = messaging.route(messaging.publisher.take())
    revisions = [e.data["data"]["revision"] for e in events if e.data["client_type"] == "message.updated"]
    assert revisions == sorted(set(revisions))
    assert revisions[-1] == final["revision"]
    head = Head.get(conversation)
    assert head.routed_through == head.last_seq


def test_one_edit_repeated_by_eight_at_once_has_one_answer(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: messaging.changing.edit(Edit(ana, message_id, "1")), range(8)))
    assert {(a["content"], a["revision"]) for a in answers} == {("1", answers[0]["revision"])}


def test_an_edit_of_what_the_caller_has_not_seen_is_refused(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    revision = messaging.changing.edit(Edit(ana, message_id, "1", revision=0))["revision"]
    with pytest.raises(Conflict) as stale:
        messaging.changing.edit(Edit(ana, message_id, "2", revision=0))
    assert stale.value.code == "edited_meanwhile"
    assert messaging.changing.edit(Edit(ana, message_id, "1", revision=0))["revision"] == revision  # a repeat


def test_what_a_channel_was_given_before_the_edit_is_shown_as_outdated(messaging: Messaging) -> None:
    ana, guest = new_user(), new_user()
    conversation = messaging.conversation(ana)
    addresses = [{"channel": "telegram", "account_id": new_user(), "address": "42"}]
    Member(conversation, guest, role="member", joined_at=1, in_app=0, addresses=addresses).save()
    before = messaging.send(conversation, ana, "0").message_id
    messaging.route(messaging.publisher.take())
    after = messaging.send(conversation, ana, "0").message_id  # not routed before it is edited
    for message_id in (before, after):
        messaging.changing.edit(Edit(ana, message_id, "1"))
    messaging.publisher.take()
    messaging.route([entry_accepted(Message.get(conversation, 3))])

    def outdated(message_id: str) -> list[bool]:
        (recipient,) = History().status(ana, message_id)["recipients"]
        return [delivery.get("outdated", False) for delivery in recipient["deliveries"]]

    assert (outdated(before), outdated(after)) == ([True], [False])


STEPS = [(entries, "take_number"), (entries, "write"), (change_entries, "apply"), (entries, "publish")]


@pytest.mark.parametrize(("holder", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("repeated", [True, False])
def test_a_death_before_any_step_leaves_the_edit_whole_or_undone(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch, holder: Any, name: str, repeated: bool
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    messaging.route(messaging.publisher.take())
    with monkeypatch.context() as dying:
        dying.setattr(holder, name, died)
        with pytest.raises(KeyboardInterrupt):
            messaging.changing.edit(Edit(ana, message_id, "1"))
    if repeated:
        assert messaging.changing.edit(Edit(ana, message_id, "1"))["content"] == "1"
    written = [m for m in Message.query(conversation) if m.type == "edit"]
    assert bool(written) == (repeated or name in ("apply", "publish"))
    if not written:
        return
    events = messaging.route([entry_accepted(m) for m in written])
    if name == "write":  # the number of the first try is a hole, which becomes void
        assert events == []
        return
    # An edit that was written twice is told once; and it is whole, also where its writer died.
    assert told(events) == [("message.updated", Message.get(conversation, 1).revision, "1")]
    assert History().get(ana, message_id)["content"] == "1"


def test_a_death_while_erasing_is_made_good_by_the_router(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    for number in range(1, 4):
        messaging.changing.edit(Edit(ana, message_id, f"{number}"))
    calls: list[int] = []

    def forget_one(entry: Message) -> None:
        calls.append(int(entry.seq))
        if len(calls) > 1:
            raise KeyboardInterrupt
        entry.update([Message.content.remove()])

    with monkeypatch.context() as dying:
        dying.setattr(applied_changes, "forget", forget_one)
        with pytest.raises(KeyboardInterrupt):
            messaging.changing.unsend(Unsend(ana, message_id))
    assert [m.content for m in Message.query(conversation)] == [None, None, "2", "3", None]
    (last,) = [m for m in Message.query(conversation) if m.type == "delete"]
    messaging.route([entry_accepted(last)])
    assert [m.content for m in Message.query(conversation)] == [None] * 5


def test_a_reader_does_not_hold_a_change_that_is_not_applied_yet(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "0").message_id
    with monkeypatch.context() as dying:
        dying.setattr(change_entries, "apply", died)
        with pytest.raises(KeyboardInterrupt):
            messaging.changing.edit(Edit(ana, message_id, "1"))
    messaging.send(conversation, ana, "next")
    history = History()
    page = history.list(ana, HistoryQuery(conversation, after_seq=0))
    assert ([m["content"] for m in page["items"]], page["complete_through"]) == (["0"], 1)
    messaging.route(messaging.publisher.take())
    page = history.list(ana, HistoryQuery(conversation, after_seq=1))
    assert [(c["seq"], c["message"]["content"]) for c in page["changes"]] == [(2, "1")]
    assert ([m["content"] for m in page["items"]], page["complete_through"]) == (["next"], 3)
    whole = history.list(ana, HistoryQuery(conversation, after_seq=0))
    assert (whole["changes"], [m["content"] for m in whole["items"]]) == ([], ["1", "next"])
