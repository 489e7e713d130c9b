"""Several files on Telegram, against the Bot API's real wire protocol: albums, each file with a fate of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chat4all.changing import Edit, Unsend
from chat4all.channels.connector import Connector
from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.outgoing import OutgoingFile
from chat4all.channels.shaping import Shaping
from chat4all.channels.telegram.client import Clients
from chat4all.channels.telegram.send import Sender
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.delivery_status import DeliveryStatuses
from chat4all.domain.routes import Route
from chat4all.kafka.events import Event
from chat4all.stores.deliveries import Delivery
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from local.simulators.telegram import uploads
from tests.contract.album_world import SharedFiles, action_record, body_of, fates_of, with_files
from tests.contract.channel_world import NEVER_OPENS, until
from tests.contract.conftest import DynamoDb
from tests.contract.telegram_chat import GIF, MP3, MP4, PNG, WEBP, picture
from tests.contract.telegram_world import TELEGRAM, Phone, World, identity_of, new_world, request_record
from tests.contract.telegram_world import said as say


@dataclass
class Album:
    """An account, a phone in a chat with it, and files."""

    world: World
    account: dict[str, Any]
    phone: Phone
    conversation: str
    files: SharedFiles

    def photo(self, name: str = "a.png") -> OutgoingFile:
        return self.files.add(PNG, "image", name, "image/png")

    def says(self, files: Sequence[OutgoingFile], caption: str = "", **fields: Any) -> Message:
        """The owner sends them; nobody has them yet."""
        return with_files(say(self.world, self.conversation, "x", **fields), files, caption)

    def deliver(self, said: Message) -> list[Event]:
        return self.world.deliver(self.account, self.phone, said, message=body_of(said))

    def sends(self, files: Sequence[OutgoingFile], caption: str = "", **fields: Any) -> Message:
        said = self.says(files, caption, **fields)
        self.deliver(said)
        return said

    def act(self, action: str, said: Message, seq: int) -> None:
        """As the router asks for a change at that number."""
        data = request_record(self.account, self.phone, said).event["data"]
        route = Route(data["recipient_id"], "telegram", self.account["id"], data["address"])
        self.world.connector.handle(action_record(action, said, route, seq), lambda: 60_000)

    def shown(self) -> list[dict[str, Any]]:
        """What the phone has from us."""
        return [message for message in self.phone.from_bot() if not message["deleted"]]

    def edit(self, said: Message, caption: str) -> None:
        owner = str(said.sender_id)
        changed = self.world.messaging.changing.edit(Edit(owner, str(said.message_id), caption), limited=False)
        self.act("edit", said, changed["revision"])


@pytest.fixture
def album(dynamodb: DynamoDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Album]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with new_world(dynamodb, tmp_path / "simulators") as world:
        files, clients = SharedFiles(), Clients()
        shaping = Shaping(world.messaging.limiter, pace=0)
        sender, breakers = Sender(files, clients), CircuitBreakers(NEVER_OPENS)  # type: ignore[arg-type]
        world.connector = Connector(TELEGRAM, sender, files, world.publisher, breakers, shaping)  # type: ignore[arg-type]
        account = world.new_account()
        phone = world.new_phone(account)
        phone.says("hello")
        conversation = str(identity_of(account, phone).conversation_id)
        until(lambda: world.answers == [200], "it is accepted")
        try:
            yield Album(world, account, phone, conversation, files)
        finally:
            sender.close()


def kinds(shown: Sequence[dict[str, Any]]) -> list[str]:
    """Of each message its kind of media, or its text."""
    return [message["media"]["kind"] if "media" in message else message["text"] for message in shown]


def test_photos_and_films_are_one_album_with_the_caption_on_the_first(album: Album) -> None:
    film = album.files.add(MP4, "video", "b.mp4", "video/mp4")
    hello = Message.get(album.conversation, 1)
    said = album.sends([album.photo(), film, album.photo("c.png")], "look", reply_to=hello.message_id)
    shown = album.shown()
    assert kinds(shown) == ["photo", "video", "photo"]
    assert len({message["album"] for message in shown}) == 1
    assert [message.get("caption") for message in shown] == ["look", None, None]
    assert shown[0]["reply_to_message_id"] == album.phone.messages()[0]["message_id"]
    assert fates_of(said) == [("sent", file["file_id"], None) for file in said.files()]
    found = Delivery.query(album.conversation, consistent_read=True)
    assert [d.external_id for d in found] == [str(message["message_id"]) for message in shown]
    album.deliver(said)
    assert album.shown() == shown, "repeated, nothing is sent again"
    album.phone.says("nice", reply_to_message_id=shown[2]["message_id"])
    until(lambda: album.world.texts(album.conversation)[-1] == "nice", "an answer to the last one")
    assert list(Message.query(album.conversation))[-1].reply_to == said.message_id


def test_what_fits_no_album_goes_between_them(album: Album) -> None:
    pdf = album.files.add(b"%PDF-1.7 x", "document", "plan.pdf", "application/pdf")
    song, gif = (
        album.files.add(MP3, "audio", "s.mp3", "audio/mpeg"),
        album.files.add(GIF, "image", "g.gif", "image/gif"),
    )
    sticker = album.files.add(WEBP, "sticker", "s.webp", "image/webp")
    large = OutgoingFile("0190a1b2-0000-7000-8000-00000000000a", "video", "tour.mp4", "video/mp4", 60_000_000)
    files = [album.photo(), album.photo(), pdf, pdf, song, gif, sticker, large]
    said = album.sends(files, "all")
    shown = album.shown()
    assert kinds(shown)[:-1] == ["photo", "photo", "document", "document", "audio", "animation", "sticker"]
    assert shown[-1]["text"] == f"tour.mp4\n{album.files.share_link(large)}"
    albums = [message.get("album") for message in shown]
    assert (albums[0], albums[2], albums[4:]) == (albums[1], albums[3], [None] * 4)
    assert [fate[2] for fate in fates_of(said)] == [None] * 7 + ["too_large"]


def test_one_that_is_refused_does_not_keep_the_others(album: Album) -> None:
    wide = album.files.add(picture(2000, 4), "image", "wide.png", "image/png")
    gone, kept = album.photo("gone.png"), album.photo("kept.png")
    album.files.gone[gone.file_id] = "file_deleted: the file is not there any more"
    said = album.sends([album.photo(), wide, gone, kept], "look")
    assert kinds(album.shown()) == ["photo", "document", "photo"]
    assert not any("album" in message for message in album.shown()), "the album was refused, so each goes alone"
    fates = [(status, why) for status, _, why in fates_of(said)]
    assert fates == [("sent", None), ("sent", "as_document"), ("failed", "file_deleted"), ("sent", None)]


def test_what_the_provider_does_not_take_goes_as_a_link(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_MAX_BYTES", len(PNG))
    large = album.files.add(PNG + b"x", "image", "large.png", "image/png")
    said = album.sends([large, album.photo()], "look")
    shown = album.shown()
    assert kinds(shown) == [f"look\nlarge.png\n{album.files.share_link(large)}", "photo"]
    assert [(status, why) for status, _, why in fates_of(said)] == [("sent", "too_large"), ("sent", None)]


def test_a_caption_outlives_its_file(album: Album) -> None:
    gone, kept = album.photo("gone.png"), album.photo("kept.png")
    album.files.gone[gone.file_id] = "file_deleted: the file is not there any more"
    said = album.sends([gone, kept], "look")
    assert kinds(album.shown()) == ["look", "photo"]
    assert [(status, why) for status, _, why in fates_of(said)] == [("sent", "file_deleted"), ("sent", None)]
    alone = album.sends([gone])
    assert [(status, why) for status, _, why in fates_of(alone)] == [("failed", "file_deleted")]


def test_a_person_who_is_gone_fails_all_at_one_call(album: Album) -> None:
    album.world.http.put(f"{album.phone.url}/block")
    said = album.sends([album.photo(), album.photo()], "x" * 2000)
    assert [(status, why) for status, _, why in fates_of(said)] == [("failed", "recipient_gone")] * 3


def test_a_death_after_the_call_sends_nothing_twice(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    said = album.says([album.photo(), album.photo(), album.photo()])
    sent = DeliveryLog.sent

    def dies(log: DeliveryLog, part: int, answer: Any) -> Delivery:
        if part == 1:
            raise KeyboardInterrupt
        return sent(log, part, answer)

    with monkeypatch.context() as patched:
        patched.setattr(DeliveryLog, "sent", dies)
        with pytest.raises(KeyboardInterrupt):
            album.deliver(said)
    reports = album.deliver(said)
    assert len(album.shown()) == 3
    ids = [str(message["message_id"]) for message in album.shown()]
    assert [(r.data["status"], r.data["external_id"]) for r in reports] == [("sent", one) for one in ids]


def test_the_caption_is_edited_where_it_stands(album: Album) -> None:
    large = OutgoingFile("0190a1b2-0000-7000-8000-00000000000b", "video", "tour.mp4", "video/mp4", 60_000_000)
    said = album.sends([album.photo(), album.photo(), large], "look")
    album.edit(said, "look here")
    assert [message.get("caption") for message in album.shown()] == ["look here", None, None]
    assert [fate[2] for fate in fates_of(said)] == [None, None, "too_large"], "what is noted of a file stays"
    album.edit(said, "x" * 1100)
    assert [message.get("caption") or message.get("text", "")[:1] for message in album.shown()] == ["", "", "t", "x"]
    assert {int(d.revision) for d in Delivery.query(album.conversation, consistent_read=True)} == {said.seq + 2}


def test_an_unsend_takes_all_of_them_back(album: Album) -> None:
    said = album.sends([album.photo(), album.photo(), album.photo()], "look")
    gone = album.world.messaging.changing.unsend(Unsend(str(said.sender_id), str(said.message_id)), limited=False)
    album.act("retract", said, gone["revision"])
    assert album.shown() == []
    assert [fate[2] for fate in fates_of(said)] == ["taken_back"] * 3


def test_the_sender_is_told_of_which_file_it_is(album: Album) -> None:
    large = OutgoingFile("0190a1b2-0000-7000-8000-00000000000c", "video", "tour.mp4", "video/mp4", 60_000_000)
    said = album.says([album.photo(), large])
    reports = album.deliver(said)
    for report in reports:
        DeliveryStatuses(album.world.publisher).apply(report.data)
    told = [event.data["data"] for event in album.world.publisher.take()]
    assert [one["file_id"] for one in told] == [file["file_id"] for file in said.files()]
    assert told[1]["note"].startswith("too_large: ")


def test_who_has_left_is_not_told_what_becomes_of_what_they_said(album: Album) -> None:
    said = album.says([album.photo()])
    (report,) = album.deliver(said)
    Member(album.conversation, str(said.sender_id)).delete()
    DeliveryStatuses(album.world.publisher).apply(report.data)
    assert album.world.publisher.take() == []
    assert [fate[0] for fate in fates_of(said)] == ["sent"]
