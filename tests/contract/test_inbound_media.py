"""What contacts send becomes files: known at once, fetched into S3, whole or failed with a reason, and told."""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.changing import Edit, Unsend
from chat4all.channels.channel import Target
from chat4all.channels.fates import Fate, NotSent, Permanent, TryAgain
from chat4all.channels.inbound import Contact, Inbound, Media
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.media_fetch import MediaFetch
from chat4all.domain.file_life import first_look
from chat4all.errors import Conflict, Unavailable
from chat4all.file_bucket import FileBucket, FileGone
from chat4all.file_changes import FileChanges
from chat4all.file_scan import ScanFailed
from chat4all.history import History, HistoryQuery
from chat4all.kafka.batch import Record
from chat4all.kafka.events import Event, decode, encode
from chat4all.sending import Accepted, Send
from chat4all.stores.accounts import Account
from chat4all.stores.files import File, shard_of
from chat4all.stores.identities import Identity, address_key
from chat4all.stores.retries import ParkedRecord
from tests.contract.check_world import FixedScanner
from tests.contract.consumer_events import as_raws, event_of
from tests.contract.file_world import PNG
from tests.contract.handlers import Context, invoke
from tests.contract.messaging import Messaging, new_user
from tests.contract.provider_accounts import telegram_account

pytestmark = pytest.mark.engines
MOST = 1_000_000


@dataclass
class Provider:
    """In the place of a channel: holds one file, or refuses it."""

    body: bytes = PNG
    content_type: str = "image/png"
    size: int | None = None
    refuses: Fate | None = None
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def sender(self, _media: object) -> "Provider":
        return self

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> "Reading":
        self.asked.append((to.address, media))
        if self.refuses is not None:
            raise NotSent(self.refuses)
        return Reading(self)


@dataclass
class Reading:
    provider: Provider
    at: int = 0

    @property
    def content_type(self) -> str:
        return self.provider.content_type

    @property
    def size(self) -> int | None:
        return self.provider.size

    def read(self, size: int) -> bytes:
        chunk = self.provider.body[self.at : self.at + size]
        self.at += len(chunk)
        return chunk

    def close(self) -> None:
        """Nothing to let go."""


@dataclass
class World:
    """A contact and a colleague of ours in one conversation."""

    bucket: FileBucket
    messaging: Messaging
    provider: Provider
    account: Account
    contact: Identity
    colleague: str
    conversation: str
    fetcher: MediaFetch

    def receive(self, media: Media | None = None, caption: str = "look") -> tuple[str, Accepted]:
        """A message of the contact with a file, as the receiver takes it; the file's id."""
        media = media or Media("image", id="photo-1", content_type="image/png", size=len(PNG))
        inbound = Inbound(str(uuid.uuid4()), Contact(self.contact.address, "Bea"), "file", caption, media=media)
        return self.take(inbound)

    def take(self, inbound: Inbound) -> tuple[str, Accepted]:
        assert inbound.media is not None
        begun = InboundMedia(self.messaging.publisher)
        file_id = begun.begin(self.account, self.contact, inbound)
        message_id = str(uuid.uuid5(uuid.NAMESPACE_URL, inbound.external_id))
        command = Send(
            self.contact.user_id,
            self.conversation,
            "file",
            inbound.content,
            message_id=message_id,
            channel="telegram",
            file_ids=(file_id,),
        )
        accepted = self.messaging.sending.send(command, limited=False)
        begun.request_fetch(self.account, self.contact, inbound.media, file_id, accepted.conversation_id)
        return file_id, accepted

    def requests(self) -> Sequence[Event]:
        """What was asked of media_fetch since; the rest goes to the router."""
        events = self.messaging.publisher.take()
        self.messaging.route([e for e in events if e.type.startswith(("chat4all.message.acc", "chat4all.change"))])
        return [e for e in events if e.type == "chat4all.media.requested.v1"]

    def fetch(self, events: Sequence[Event], *, is_last_try: bool = False) -> None:
        for number, event in enumerate(events):
            document = decode(str(event.topic), encode(event))
            record = Record(str(event.topic), 0, number, event.conversation_id, document, is_last_try=is_last_try)
            self.fetcher.fetch(record, lambda: 60_000)

    def settle(self, *, is_last_try: bool = False) -> None:
        """Fetch what was asked for, and route what that told."""
        self.fetch(self.requests(), is_last_try=is_last_try)

    def shown(self, accepted: Accepted) -> dict[str, Any]:
        """The message as the colleague reads it."""
        return History().get(self.colleague, accepted.message_id)


@pytest.fixture
def world(deployed: App, files_bucket: str) -> World:
    deployed.files  # noqa: B018 - binds its tables
    deployed.media_fetch  # noqa: B018
    deployed.bind_tables()
    messaging, provider, bucket = Messaging(), Provider(), FileBucket(files_bucket)
    ours = telegram_account()
    guest, colleague = new_user(), new_user()
    conversation = messaging.conversation(guest, colleague)
    contact = Identity(
        address_key("telegram", ours.id, "700"),
        user_id=guest,
        channel="telegram",
        account_id=ours.id,
        address="700",
        conversation_id=conversation,
    )
    changes = FileChanges(messaging.settings, messaging.publisher)
    channels: Any = {"telegram": provider}
    fetcher = MediaFetch(channels, bucket, deployed.media_store, changes, MOST)
    return World(bucket, messaging, provider, ours, contact, colleague, conversation, fetcher)


def test_a_photo_is_shown_at_once_and_its_bytes_come_after_it(world: World) -> None:
    file_id, accepted = world.receive()
    pending = {"file_id": file_id, "filename": "image", "content_type": "image/png", "kind": "image"}
    assert world.shown(accepted)["file"] == pending | {"size": len(PNG), "status": "pending"}
    with pytest.raises(FileGone):
        world.bucket.open(file_id)

    world.settle()
    completed = pending | {"filename": "image.png", "size": len(PNG), "status": "completed"}
    shown = world.shown(accepted)
    assert (shown["file"], shown["revision"], "edited_at" in shown) == (completed, accepted.seq + 1, False)
    assert world.bucket.open(file_id).read() == PNG
    assert File.get(file_id).sha256 == hashlib.sha256(PNG).hexdigest()
    assert world.provider.asked[0][0] == "700"
    routed = world.messaging.route(world.messaging.publisher.take())
    told = [e for e in routed if e.type == "chat4all.message.updated.v1"]
    assert [e.data["data"]["file"] for e in told] == [completed]
    (change,) = History().list(world.colleague, HistoryQuery(world.conversation, after_seq=accepted.seq))["changes"]
    assert (change["seq"], change["message"]["file"]) == (accepted.seq + 1, completed)


def test_it_is_looked_at_later_whether_anybody_needs_it_as_every_file_is(world: World) -> None:
    file = File.get(world.receive()[0])
    assert (file.review_shard, file.review_at) == (shard_of(file.file_id), first_look(int(file.created_at)))


def test_what_the_provider_repeats_is_one_file_and_one_message(world: World) -> None:
    media = Media("document", id="d", filename="../cv.pdf", content_type="application/pdf")
    world.provider.body, world.provider.content_type = b"%PDF-1.7 text", "application/pdf"
    inbound = Inbound("m1", Contact("700", "Bea"), "file", "", media=media)
    first = world.take(inbound)
    world.settle()
    assert world.take(inbound) == first
    world.settle()
    assert len(world.provider.asked) == 1
    shown = world.shown(first[1])
    assert (shown["file"]["filename"], shown["revision"]) == ("cv.pdf", first[1].seq + 1)


def test_records_that_come_twice_tell_once(world: World) -> None:
    world.receive()
    requests = world.requests()
    world.fetch([*requests, *requests])
    changes = [e for e in world.messaging.publisher.take() if e.type == "chat4all.change.accepted.v1"]
    assert len(changes) == 1


@pytest.mark.parametrize(
    ("provider", "media", "reason"),
    [
        (Provider(refuses=Permanent("expired_url: gone")), {}, "expired_url: gone"),
        (Provider(body=b"x" * (MOST + 1)), {}, "too_large: "),
        (Provider(size=MOST + 1), {}, f"too_large: {MOST + 1} bytes"),
        (Provider(body=b""), {}, "empty: "),
    ],
)
def test_what_never_comes_is_said_with_the_reason_and_leaves_nothing(
    world: World, provider: Provider, media: dict[str, Any], reason: str
) -> None:
    world.fetcher._senders["telegram"] = provider  # type: ignore[assignment]
    file_id, accepted = world.receive(Media("image", id="x", **media))
    world.settle()
    file = world.shown(accepted)["file"]
    assert (file["status"], file["reason"].startswith(reason)) == ("failed", True), file
    with pytest.raises(FileGone):
        world.bucket.open(file_id)


@pytest.mark.parametrize(
    ("provider", "media", "reason"),
    [
        (Provider(refuses=TryAgain("unreachable: timeout")), {}, "unreachable: "),
        (Provider(size=len(PNG) + 1), {}, "cut_off: "),
        (Provider(), {"sha256": "0" * 64}, "corrupt: "),
    ],
)
def test_what_may_come_later_is_tried_again_until_the_last_time(
    world: World, provider: Provider, media: dict[str, Any], reason: str
) -> None:
    world.fetcher._senders["telegram"] = provider  # type: ignore[assignment]
    _, accepted = world.receive(Media("image", id="x", **media))
    requests = world.requests()
    with pytest.raises(NotSent, match=reason):
        world.fetch(requests)
    assert world.shown(accepted)["file"]["status"] == "pending"
    world.fetch(requests, is_last_try=True)
    file = world.shown(accepted)["file"]
    assert (file["status"], file["reason"].startswith(f"expired: {reason}")) == ("failed", True)


def test_what_a_scan_finds_is_kept_from_everybody(world: World) -> None:
    world.fetcher._scanner = scanner = FixedScanner("Eicar-Signature")
    file_id, accepted = world.receive()
    world.settle()
    file = world.shown(accepted)["file"]
    assert (file["status"], file["reason"]) == ("failed", "infected: Eicar-Signature")
    assert [(each.file_id, each.size, each.content_type) for each in scanner.asked] == [
        (file_id, len(PNG), "image/png")
    ]
    with pytest.raises(FileGone):
        world.bucket.open(file_id)


def test_a_scan_that_fails_lets_nothing_through(world: World) -> None:
    world.fetcher._scanner = scanner = FixedScanner(ScanFailed("scan_failed: away"))
    _, accepted = world.receive()
    requests = world.requests()
    with pytest.raises(NotSent, match="scan_failed: away"):
        world.fetch(requests)
    assert world.shown(accepted)["file"]["status"] == "pending"
    scanner.answer = None
    world.fetch(requests)
    assert world.shown(accepted)["file"]["status"] == "completed"


def test_the_bytes_decide_where_the_type_lies(world: World) -> None:
    world.provider.body = b"<html><script>alert(1)</script>"
    _, accepted = world.receive()
    world.settle()
    file = world.shown(accepted)["file"]
    assert (file["content_type"], file["kind"]) == ("text/html", "document")


def died(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("holder", "name"), [(FileBucket, "put"), (File, "update"), (FileChanges, "tell"), (FileChanges, "_tell")]
)
def test_a_death_at_any_point_is_made_good_by_the_next_try(
    world: World, monkeypatch: pytest.MonkeyPatch, holder: Any, name: str
) -> None:
    file_id, accepted = world.receive()
    requests = world.requests()
    with monkeypatch.context() as dying:
        dying.setattr(holder, name, died)
        with pytest.raises(KeyboardInterrupt):
            world.fetch(requests)
    world.fetch(requests)
    assert world.shown(accepted)["file"]["status"] == "completed"
    assert world.bucket.open(file_id).read() == PNG


def test_a_caption_that_is_edited_meanwhile_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, accepted = world.receive()
    tell = FileChanges._tell

    def edited_first(self: FileChanges, file: File, message: Any) -> None:
        world.messaging.changing.edit(Edit(world.contact.user_id, accepted.message_id, "changed"))
        tell(self, file, message)

    monkeypatch.setattr(FileChanges, "_tell", edited_first)
    world.settle()
    shown = world.shown(accepted)
    assert (shown["content"], shown["file"]["status"]) == ("changed", "completed")


def test_what_was_unsent_or_deleted_meanwhile_stays_so(world: World) -> None:
    _, unsent = world.receive()
    world.messaging.changing.unsend(Unsend(world.contact.user_id, unsent.message_id))
    deleted_id, deleted = world.receive()
    requests = world.requests()
    File(deleted_id).delete()
    world.fetch(requests)
    assert "file" not in world.shown(unsent)
    assert world.shown(deleted)["file"]["status"] == "pending"
    with pytest.raises(FileGone):
        world.bucket.open(deleted_id)


def test_nobody_sends_on_what_is_not_here_yet(world: World) -> None:
    file_id, _ = world.receive()
    command = Send(world.colleague, world.conversation, "file", "", file_ids=(file_id,))
    with pytest.raises(Conflict) as caught:
        world.messaging.sending.send(command)
    assert caught.value.code == "file_pending"


def test_without_kafka_the_provider_must_repeat(world: World) -> None:
    world.messaging.publisher.broken = True
    with pytest.raises(Unavailable):
        world.receive()


@pytest.fixture
def called(world: World, deployed: App, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[Event]], Any]:
    """The function, as its mapping calls it."""
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 60_000, raising=False)
    deployed.__dict__["media_fetch"] = world.fetcher
    deployed.__dict__["publisher"] = world.messaging.publisher
    return lambda events: invoke("media_fetch", event_of(as_raws(events)))


def test_the_function_parks_what_must_wait_and_holds_back_no_other(
    world: World, called: Callable[[Sequence[Event]], Any]
) -> None:
    waiting, _ = world.receive(Media("image", id="slow", sha256="0" * 64))
    _, other = world.receive()
    assert called(world.requests()) == {"batchItemFailures": []}
    assert len(list(ParkedRecord.query(f"media_fetch#{waiting}"))) == 1
    assert world.shown(other)["file"]["status"] == "completed"
