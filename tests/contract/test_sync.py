"""Sync on the real engine: any number of conversations, any distance back, broken off anywhere."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chat4all.changing import Edit
from chat4all.clock import now_ms
from chat4all.domain.frame_fitting import BATCH_BYTES, MESSAGE_BYTES, encoded
from chat4all.errors import Unavailable
from chat4all.history import History
from chat4all.message_events import view
from chat4all.rate_limits import RateLimiter
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from chat4all.sync import CONVERSATIONS_MAX, LASTS_S, Sync, Wanted
from chat4all.websocket.push import ConnectionGone, Push, PushFailed
from tests.benchmarks.units import CountedUnits
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, connected, new_user

Frame = dict[str, Any]


class KeptPush(Push):
    """Keeps what is posted; breaks at the post whose number is `breaks_at`."""

    def __init__(self) -> None:
        super().__init__("")
        self.frames: list[Frame] = []
        self.largest = self.posts = 0
        self.breaks_at: int | None = None
        self.cause: Exception = PushFailed("the buffer is full")

    def post(self, connection_id: str, frame: bytes, tries: int = 1) -> None:
        if self.breaks_at is not None and len(self.frames) >= self.breaks_at:
            raise self.cause
        self.largest = max(self.largest, len(frame))
        self.posts += 1
        document = json.loads(frame)
        self.frames += document if isinstance(document, list) else [document]

    def take(self) -> list[Frame]:
        taken, self.frames = self.frames, []
        return taken


class Client:
    """A client as docs/clients.md has it: what it holds of each conversation, and how far without a hole."""

    def __init__(self, user_id: str, *, takes_batches: bool = False) -> None:
        self.caller = replace(connected(user_id), takes_batches=takes_batches)
        self.push = KeptPush()
        self.is_live = False
        """Events come beside those of syncs, so one may come twice."""
        self.time = 0.0
        self.sync = Sync(History(), self.push, RateLimiter(), lambda: self.time)
        self.through: dict[str, int] = {}
        self.held: dict[str, dict[int, Frame]] = {}
        self.counted: dict[str, set[int]] = {}
        """Numbers beyond `through` that have come."""
        self.syncs = 0

    def ask(self, conversations: Mapping[str, int] | None = None, after: str | None = None) -> Frame:
        """One sync, of everything held where nothing is said; its sync.done."""
        wanted = Wanted(self.through if conversations is None else conversations, after)
        self.syncs += 1
        try:
            self.sync.run(self.caller, wanted)
        finally:
            frames = self.push.take()
            for frame in frames:
                self._take(frame)
        return frames[-1]

    def catch_up(self) -> None:
        """Until there is no more."""
        while True:
            done = self.ask()["data"]
            self.through |= {new: 0 for new in done["other"] if new not in self.through}
            if not done["more"] and not done["other"]:
                return

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "sync.done":
            for conversation, reached in frame["data"]["conversations"].items():
                self._count(conversation, reached)
            return
        conversation = frame["conversation_id"]
        held = self.held.setdefault(conversation, {})
        message = frame["data"]
        if frame["type"] == "sync.message" and not self.is_live:
            assert frame["seq"] == message["seq"]
            assert message["seq"] not in held, "twice"
        if message.get("revision", 0) >= held.get(message["seq"], {}).get("revision", 0):
            held[message["seq"]] = message
        self.counted.setdefault(conversation, set()).add(frame["seq"])
        self._count(conversation, 0)

    def _count(self, conversation: str, reached: int) -> None:
        """Complete up to `reached`, and on as far as there is no hole."""
        through = max(self.through.get(conversation, 0), reached)
        while through + 1 in self.counted.get(conversation, ()):
            through += 1
        self.through[conversation] = through


@pytest.fixture(autouse=True)
def tables(dynamodb: DynamoDb) -> Iterator[None]:
    bind(dynamodb.table_prefix)
    return


def talk(messages: int, *, edits: int = 0) -> tuple[Messaging, str, list[str]]:
    """A conversation of two with messages, of which the first ones were edited."""
    messaging, users = Messaging(), [new_user(), new_user()]
    conversation = messaging.conversation(*users)
    ids = [messaging.send(conversation, users[0], f"message {n}").message_id for n in range(messages)]
    for message_id in ids[:edits]:
        messaging.limiter._tats.clear()
        messaging.changing.edit(Edit(users[0], message_id, "edited"))
    return messaging, conversation, users


def many_conversations(user_id: str, count: int, last_seq: int = 0) -> list[str]:
    """Conversations of which the user is a member, in the order of their ids."""
    ids = sorted(str(uuid.uuid4()) for _ in range(count))
    with Member.batch_write() as members, Head.batch_write() as heads:
        for number, conversation in enumerate(ids):
            members.save(Member(conversation, user_id, role="member", joined_at=1))
            heads.save(Head(conversation, last_seq=last_seq, member_count=2, last_activity_at=number))
    return ids


def contents(client: Client, conversation: str) -> list[str]:
    return [message["content"] for _, message in sorted(client.held[conversation].items())]


def test_what_is_asked_again_until_there_is_no_more_comes_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.sync.MESSAGES_MAX", 7)
    monkeypatch.setattr("chat4all.sync._PAGE", 4)
    messaging, first, users = talk(9)
    second = messaging.conversation(*users)
    for number in range(9):
        messaging.send(second, users[1], f"message {number}")
    client = Client(users[1])
    client.ask({})
    client.catch_up()
    assert client.through == {first: 9, second: 9}
    for conversation in (first, second):
        assert contents(client, conversation) == [f"message {n}" for n in range(9)]
    assert client.syncs == 3, "18 messages, 7 a sync"


@pytest.mark.parametrize("cause", [PushFailed("full"), ConnectionGone("c")])
def test_a_sync_that_is_broken_off_anywhere_is_gone_on_with(cause: Exception) -> None:
    _, conversation, users = talk(4, edits=2)
    for breaks_at in range(7):
        client = Client(users[1])
        client.push.breaks_at, client.push.cause = breaks_at, cause
        if isinstance(cause, PushFailed) and breaks_at < 5:
            with pytest.raises(Unavailable, match="from where you stand"):
                client.sync.run(client.caller, Wanted())
        else:
            client.sync.run(client.caller, Wanted())
        client.push.breaks_at = None
        for frame in client.push.take():
            client._take(frame)
        assert len(client.held.get(conversation, {})) == min(breaks_at, 4)
        client.through.setdefault(conversation, 0)
        client.catch_up()
        assert client.through == {conversation: 6}
        assert contents(client, conversation) == ["edited", "edited", "message 2", "message 3"]


def test_a_sync_ends_in_time_wherever_it_stands_and_gets_on_each_time() -> None:
    _, conversation, users = talk(5)
    client = Client(users[1])
    slow = client.push.post

    def post(connection_id: str, frame: bytes, tries: int = 1) -> None:
        client.time += LASTS_S  # of each frame
        slow(connection_id, frame, tries)

    client.push.post = post  # type: ignore[method-assign]
    stands = []
    client.through[conversation] = 0
    while client.ask()["data"]["more"]:
        stands.append(client.through[conversation])
    assert stands == [1, 2, 3, 4]
    assert client.through[conversation] == 5


def test_changes_and_holes_are_counted_wherever_a_page_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.sync._PAGE", 2)
    _, conversation, users = talk(5, edits=3)
    Message(conversation, 9, type="void", created_at=1, written_at=1).save()
    Head(conversation).update([Head.last_seq.set(10)])  # and 10 is a number that is taken and not written yet
    client = Client(users[0])
    done = client.ask({})
    assert done["data"] | {"conversations": None} == {"conversations": None, "other": [], "more": False}
    assert client.through == {conversation: 9}
    later = Client(users[0])
    later.held[conversation] = {n: {"seq": n, "content": f"message {n - 1}"} for n in range(1, 6)}
    later.through[conversation] = 5
    later.ask()
    assert later.through == {conversation: 9}
    assert contents(later, conversation) == contents(client, conversation)


def test_of_more_conversations_than_fit_the_others_are_named_and_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = new_user()
    ids = many_conversations(user_id, 2 * CONVERSATIONS_MAX + 200)
    client = Client(user_id)
    done = client.ask({})["data"]
    assert set(done["conversations"]) == set(ids[:1000])
    assert (done["other"], done["more"], done["next"]) == (ids[1000:2000], False, ids[1999])
    done = client.ask(dict.fromkeys(ids[1000:2000], 0), after=done["next"])["data"]
    assert set(done["conversations"]) == set(ids[1000:2000])
    assert done["other"] == ids[2000:]
    assert "next" not in done
    assert client.ask({}, after=ids[-1])["data"] == {"conversations": {}, "other": [], "more": False}
    assert client.push.largest <= MESSAGE_BYTES, "a sync.done of 1,000 and 1,000"


def test_the_newest_activity_comes_first() -> None:
    messaging, users = Messaging(), [new_user(), new_user()]
    conversations = [messaging.conversation(*users) for _ in range(3)]
    for position, conversation in enumerate(conversations):
        messaging.send(conversation, users[0])
        Head(conversation).update([Head.last_activity_at.set(now_ms() + (position * 7) % 3)])
    client = Client(users[1])
    client.sync.run(client.caller, Wanted())
    told = [frame["conversation_id"] for frame in client.push.take() if frame["type"] == "sync.message"]
    assert told == [conversations[2], conversations[1], conversations[0]]


def test_nothing_is_told_of_what_is_somebody_elses_or_nobodys() -> None:
    _, conversation, _ = talk(1)
    stranger = Client(new_user())
    done = stranger.ask({conversation: 0, str(uuid.uuid4()): 5})
    assert done["data"] == {"conversations": {}, "other": [], "more": False}
    assert stranger.held == {}


def test_a_hundred_conversations_without_news_cost_five_calls() -> None:
    user_id = new_user()
    ids = many_conversations(user_id, 100, last_seq=7)
    client = Client(user_id)
    with CountedUnits(Member.client()) as counted:
        client.ask(dict.fromkeys(ids, 7))
    assert client.through == dict.fromkeys(ids, 7)
    assert sum(counted.calls.values()) == 4, counted.calls
    assert counted.units["write"] == 1
    assert counted.units["read"] <= 205


def test_what_is_larger_than_a_message_of_the_gateway_comes_without_some_of_it() -> None:
    messaging, users = Messaging(), [new_user(), new_user()]
    conversation = messaging.conversation(*users)
    sent = messaging.send(conversation, users[0], "\x01" * 16_384)
    reactions = {new_user(): {"seq": 1, "emojis": [chr(0x1F600 + n) for n in range(10)]} for _ in range(100)}
    Message(conversation, sent.seq).update([Message.reactions.set(reactions), Message.reactions_version.set(1)])
    client = Client(users[1])
    client.ask({})
    (message,) = client.held[conversation].values()
    assert message["truncated"] == ["reactions"]
    assert (len(message["content"]), message["reactions_version"]) == (16_384, 1)
    assert client.push.largest <= MESSAGE_BYTES
    assert client.through == {conversation: 1}


def test_who_takes_several_events_in_a_message_gets_them_in_few() -> None:
    messaging, conversation, users = talk(0)
    for number in range(30):
        messaging.send(conversation, users[0], f"{number} " + "x" * 3_000)
    one_by_one, in_batches = Client(users[1]), Client(users[1], takes_batches=True)
    for client in (one_by_one, in_batches):
        client.ask({})
    assert (one_by_one.push.posts, in_batches.push.posts) == (31, 5)
    assert in_batches.push.largest <= BATCH_BYTES
    assert contents(in_batches, conversation) == contents(one_by_one, conversation)
    broken_off = Client(users[1], takes_batches=True)
    broken_off.push.breaks_at = 20
    with pytest.raises(Unavailable):
        broken_off.sync.run(broken_off.caller, Wanted())
    broken_off.push.breaks_at = None
    for frame in broken_off.push.take():
        broken_off._take(frame)
    broken_off.catch_up()
    assert broken_off.through == one_by_one.through
    assert contents(broken_off, conversation) == contents(one_by_one, conversation)


@pytest.mark.parametrize("meets_at", range(8))
def test_what_is_said_and_edited_during_a_sync_is_there_at_its_end_in_its_newest_state(meets_at: int) -> None:
    messaging, conversation, users = talk(5)
    client = Client(users[1])
    client.is_live = True
    first = client.push.post

    def post(connection_id: str, frame: bytes, tries: int = 1) -> None:
        """As another function pushes to the same connection at that moment."""
        if len(client.push.frames) == meets_at:
            first(connection_id, encoded(_live(messaging, conversation, users[0])))
            first(connection_id, encoded(_live_edit(messaging, conversation, users[0])))
        first(connection_id, frame, tries)

    client.push.post = post  # type: ignore[method-assign]
    client.ask({})
    client.push.post = first  # type: ignore[method-assign]
    client.catch_up()
    assert client.through == {conversation: 7 if meets_at <= 5 else 5}
    told = ["edited", *(f"message {n}" for n in range(1, 5)), "live"]
    assert contents(client, conversation) == (told if meets_at <= 5 else [f"message {n}" for n in range(5)])


def _live(messaging: Messaging, conversation: str, sender: str) -> Frame:
    seq = messaging.send(conversation, sender, "live").seq
    message = Message.get(conversation, seq)
    return {"type": "message.created", "conversation_id": conversation, "seq": seq, "data": view(message)}


def _live_edit(messaging: Messaging, conversation: str, sender: str) -> Frame:
    messaging.limiter._tats.clear()
    messaging.changing.edit(Edit(sender, Message.get(conversation, 1).message_id, "edited"))
    message = view(Message.get(conversation, 1))
    return {"type": "message.updated", "conversation_id": conversation, "seq": message["revision"], "data": message}
