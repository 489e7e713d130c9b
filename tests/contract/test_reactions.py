"""Reactions on a real engine: each user's in order, nobody's overwritten, and whole after a death between any two steps."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all import applied_changes, change_entries, entries
from chat4all.changing import Edit, Unsend
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from chat4all.history import History, HistoryQuery
from chat4all.kafka.events import Event
from chat4all.message_events import entry_accepted
from chat4all.reactions import React
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.rate_limits import RateLimit
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user

THUMB, HEART, LAUGH = "👍", "❤️", "😂"


@pytest.fixture
def messaging(dynamodb: DynamoDb) -> Messaging:
    made = Messaging()
    bind(dynamodb.table_prefix)
    return made


def died(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt


def react(messaging: Messaging, user: str, message_id: str, emoji: str = THUMB, *, remove: bool = False) -> Any:
    """As a person does who has not done anything for a while."""
    RateLimit(f"send:{user}").delete()
    messaging.limiter._tats.clear()
    return messaging.reactions.react(React(user, message_id, emoji, remove))


def told(events: list[Event]) -> list[tuple[str, int, Any]]:
    return [(e.data["client_type"], e.data["seq"], e.data["data"]["reactions"]) for e in events]


def test_a_reaction_is_told_and_shown_in_every_read(messaging: Messaging) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana).message_id
    messaging.route(messaging.publisher.take())
    answer = react(messaging, bob, message_id)
    assert (answer["reactions"], answer["reactions_version"]) == ({THUMB: [bob]}, 1)
    events = messaging.route(messaging.publisher.take())
    assert told(events) == [("reaction.updated", 2, {THUMB: [bob]})]
    assert events[0].data["audience"] == sorted([ana, bob])
    assert events[0].data["data"] == answer
    assert react(messaging, ana, message_id)["reactions"] == {THUMB: [bob, ana]}
    assert react(messaging, ana, message_id, HEART)["reactions"] == {THUMB: [bob, ana], HEART: [ana]}
    assert react(messaging, bob, message_id, remove=True)["reactions"] == {THUMB: [ana], HEART: [ana]}
    history = History()
    (shown,) = history.list(bob, HistoryQuery(conversation))["items"]
    assert (shown["reactions"], shown["reactions_version"]) == ({THUMB: [ana], HEART: [ana]}, 4)
    assert history.get(ana, message_id)["reactions"] == shown["reactions"]
    assert "revision" not in shown


def test_the_same_again_answers_the_same_and_writes_nothing(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana).message_id
    assert react(messaging, ana, message_id, remove=True)["reactions_version"] == 0
    first = react(messaging, ana, message_id, "❤")
    assert first["reactions"] == {HEART: [ana]}
    assert react(messaging, ana, message_id, HEART) == first
    gone = react(messaging, ana, message_id, "❤", remove=True)
    assert react(messaging, ana, message_id, HEART, remove=True) == gone
    assert gone["reactions"] == {}
    assert [m.type for m in Message.query(conversation)] == ["text", "react", "react"]


def test_who_may_react_and_with_what(messaging: Messaging) -> None:
    ana, reader = new_user(), new_user()
    conversation = messaging.conversation(ana, reader, roles=["member", "reader"])
    message_id = messaging.send(conversation, ana).message_id
    with pytest.raises(NotFound):
        react(messaging, new_user(), message_id)
    with pytest.raises(NotFound):
        react(messaging, ana, new_user())
    with pytest.raises(Forbidden):
        react(messaging, reader, message_id)
    for text in ("", "x", "👍👍", "1", "\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "👍 ", "🇦"):
        with pytest.raises(Invalid) as wrong:
            react(messaging, ana, message_id, text)
        assert wrong.value.errors[0].pointer == "/emoji"
    assert [m.type for m in Message.query(conversation)] == ["text"]


def test_limits(messaging: Messaging) -> None:
    ana, bob, eve = new_user(), new_user(), new_user()
    conversation = messaging.conversation(ana, bob, eve)
    message_id = messaging.send(conversation, ana).message_id
    animals = [chr(0x1F400 + number) for number in range(21)]
    for emoji in animals[:10]:
        react(messaging, ana, message_id, emoji)
    with pytest.raises(Conflict, match="of one user"):
        react(messaging, ana, message_id, animals[10])
    for emoji in animals[10:20]:
        react(messaging, bob, message_id, emoji)
    with pytest.raises(Conflict, match="different emojis"):
        react(messaging, eve, message_id, animals[20])
    assert react(messaging, eve, message_id, animals[0])["reactions"][animals[0]] == [ana, eve]


def test_reactions_count_as_sends(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana).message_id

    def all_day() -> None:
        for number in range(100):
            messaging.reactions.react(React(ana, message_id, THUMB, remove=bool(number % 2)))

    with pytest.raises(RateLimited):
        all_day()


def test_an_unsent_message_loses_its_reactions(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana).message_id
    react(messaging, ana, message_id)
    messaging.changing.unsend(Unsend(ana, message_id))
    with pytest.raises(Conflict) as deleted:
        react(messaging, ana, message_id)
    assert deleted.value.code == "message_deleted"
    assert react(messaging, ana, message_id, remove=True)["reactions"] == {}
    events = messaging.route(messaging.publisher.take())
    assert [e.data["client_type"] for e in events] == ["message.created", "message.deleted"]
    assert events[1].data["data"]["reactions"] == {}


def test_reactions_at_once_do_not_overwrite_one_another(messaging: Messaging) -> None:
    users = [new_user() for _ in range(8)]
    conversation = messaging.conversation(*users)
    message_id = messaging.send(conversation, users[0]).message_id
    accepted = messaging.publisher.take()
    jobs = [(user, emoji) for user in users for emoji in (THUMB, HEART)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda job: messaging.reactions.react(React(job[0], message_id, job[1])), jobs))
    shown = History().get(users[0], message_id)["reactions"]
    assert {emoji: sorted(by) for emoji, by in shown.items()} == {THUMB: sorted(users), HEART: sorted(users)}
    events = messaging.route([*accepted, *messaging.publisher.take()])
    assert events[-1].data["data"]["reactions"] == shown
    seqs = [e.data["seq"] for e in events]
    assert seqs == sorted(seqs)


def test_a_change_of_the_message_and_its_reactions_leave_one_another_alone(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana, "a").message_id
    react(messaging, ana, message_id)
    edited = messaging.changing.edit(Edit(ana, message_id, "b", revision=0))
    assert (edited["revision"], edited["reactions"]) == (3, {THUMB: [ana]})
    react(messaging, ana, message_id, LAUGH)
    assert History().get(ana, message_id)["revision"] == 3


@pytest.mark.parametrize("step", ["apply", "publish"])
def test_a_writer_who_dies_after_the_entry_leaves_a_reaction_that_the_router_applies(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana).message_id
    messaging.route(messaging.publisher.take())
    with monkeypatch.context() as death:
        death.setattr(change_entries if step == "apply" else entries, step, died)
        with pytest.raises(KeyboardInterrupt):
            react(messaging, bob, message_id)
    (entry,) = Message.query(conversation, Message.seq > 1)
    read = History().list(ana, HistoryQuery(conversation, after_seq=0))
    # Nobody claims to hold what is not applied.
    assert read["complete_through"] == (1 if step == "apply" else 2)
    events = messaging.route([entry_accepted(entry)])
    assert told(events) == [("reaction.updated", 2, {THUMB: [bob]})]
    assert History().get(ana, message_id)["reactions"] == {THUMB: [bob]}


def test_what_a_dead_writer_left_does_not_undo_what_came_after_it(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana).message_id
    with monkeypatch.context() as death:
        death.setattr(change_entries, "apply", died)
        with pytest.raises(KeyboardInterrupt):
            react(messaging, ana, message_id)
    react(messaging, ana, message_id)
    react(messaging, ana, message_id, remove=True)
    (left,) = Message.query(conversation, Message.seq == 2)
    assert applied_changes.apply(left) is None
    events = messaging.route([entry_accepted(left)])
    assert told(events)[-1] == ("reaction.updated", 4, {})
    assert History().get(ana, message_id)["reactions"] == {}


def test_who_was_away_gets_the_reactions_of_what_they_hold(messaging: Messaging) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    message_id = messaging.send(conversation, ana, "a").message_id
    messaging.changing.edit(Edit(ana, message_id, "b"))
    react(messaging, bob, message_id)
    react(messaging, ana, message_id, HEART)
    page = History().list(bob, HistoryQuery(conversation, after_seq=1))
    assert [(c["seq"], c["type"]) for c in page["changes"]] == [(2, "message.updated"), (4, "reaction.updated")]
    assert page["changes"][1]["message"]["reactions"] == {THUMB: [bob], HEART: [ana]}
    assert (page["items"], page["complete_through"]) == ([], 4)
    whole = History().list(bob, HistoryQuery(conversation, after_seq=0))
    assert whole["changes"] == []
    assert whole["items"][0]["reactions"] == {THUMB: [bob], HEART: [ana]}


def test_who_became_a_reader_keeps_their_reaction(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    message_id = messaging.send(conversation, ana).message_id
    react(messaging, ana, message_id)
    Member(conversation, ana, role="reader", joined_at=1).save()
    with pytest.raises(Forbidden):
        react(messaging, ana, message_id, remove=True)
    assert History().get(ana, message_id)["reactions"] == {THUMB: [ana]}
