"""Messenger and Instagram both ways, against the Graph API's real wire protocol, on a real engine."""

from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.accounts import NewAccount
from chat4all.channels.channel import Unsupported
from chat4all.channels.fates import NotSent, ThrottledUntil, TryAgain
from chat4all.channels.outgoing import MarkRead, React, Retract, ShowTyping
from chat4all.errors import Conflict, Invalid
from chat4all.stores.accounts import Account
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from tests.contract.channel_world import until, users_of
from tests.contract.conftest import DynamoDb
from tests.contract.graph_world import GraphWorld, Person, delivery_of, running_graph_world
from tests.unit.channels.recorded_server import Answer

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.fixture(scope="module", params=["messenger", "instagram"])
def world(
    request: pytest.FixtureRequest, dynamodb: DynamoDb, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphWorld]:
    users = users_of(dynamodb)
    folder = tmp_path_factory.mktemp(request.param)
    with running_graph_world(request.param, folder, users.create_guest("Owner"), users) as world:
        yield world


@pytest.fixture(autouse=True)
def _as_at_first(world: GraphWorld, dynamodb: DynamoDb) -> Iterator[None]:
    bind(dynamodb.table_prefix)
    world.publisher.take()
    world.payloads.kept.clear()
    world.answers.clear()
    usual = world.ask("GET", "/settings")
    yield
    world.set(**usual)


@pytest.fixture
def account(world: GraphWorld) -> Account:
    return world.new_account()


@pytest.fixture
def ann(world: GraphWorld, account: Account) -> Person:
    return world.new_person(account)


@pytest.fixture
def greeting(world: GraphWorld, ann: Person) -> Message:
    """Ann wrote a moment ago."""
    ann.says("Olá 👋")
    return world.said_to_us(1)[0]


def test_what_they_write_arrives_in_order_and_once(world: GraphWorld, ann: Person) -> None:
    world.set(duplicates=1.0, batch=5)
    for text in ("one", "two", "three"):
        ann.says(text)
    said = world.said_to_us(3)
    until(lambda: len(world.answers) >= 3 or sum(world.answers) >= 600, "the duplicates")
    found = {m.message_id: m for m in [*said, *world.said_to_us(3)]}
    assert sorted((int(m.seq), m.content) for m in found.values()) == [(1, "one"), (2, "two"), (3, "three")]
    assert {m.channel for m in said} == {world.channel}
    assert set(world.answers) == {200}


def test_an_answer_is_an_answer_on_both_sides(world: GraphWorld, ann: Person, greeting: Message) -> None:
    asked = world.says(greeting.conversation_id, "how many?", reply_to=greeting.message_id)
    world.deliver(ann, asked)
    (heard,) = ann.heard()
    assert heard["text"] == "how many?"
    assert heard["reply_to"] == ann.messages()[0]["id"]
    ann.says("two", reply_to=heard["id"])
    answer = world.said_to_us(2)[1]
    assert (answer.content, answer.reply_to) == ("two", asked.message_id)


def test_statuses_come_back(world: GraphWorld, ann: Person, greeting: Message) -> None:
    said = [world.says(greeting.conversation_id, text) for text in ("a", "b")]
    for message in said:
        world.deliver(ann, message)
    highest = "delivered" if world.channel == "messenger" else "sent"  # Instagram tells of no delivery
    until(lambda: all(world.status_of(ann, message) == highest for message in said), highest)
    ann.does("POST", "/read")
    until(lambda: all(world.status_of(ann, message) == "read" for message in said), "both are read")


def test_a_long_text_is_cut_and_stays_in_order(world: GraphWorld, ann: Person, greeting: Message) -> None:
    text = "🙂 ção " * 400
    said = world.says(greeting.conversation_id, text)
    world.deliver(ann, said)
    heard = [message["text"] for message in ann.heard()]
    assert len(heard) > 1
    assert "".join(heard) == text
    assert {delivery_of(ann, said, part).status for part in range(len(heard))} <= {"sent", "delivered"}


def test_a_photo_and_its_caption(world: GraphWorld, ann: Person, greeting: Message) -> None:
    said = world.says(greeting.conversation_id, "look")
    world.deliver(ann, said, type="file", file=world.media.new_file("image", "image/png", PNG))
    photo, caption = ann.heard()
    assert (photo["type"], caption["text"]) == ("image", "look")
    assert photo["media"]["size"] == len(PNG)


def test_what_it_does_not_take_is_a_link(world: GraphWorld, ann: Person, greeting: Message) -> None:
    said = world.says(greeting.conversation_id, "listen")
    world.deliver(
        ann, said, type="file", content="", file=world.media.new_file("video", "video/mp4", b"x" * 25_000_001)
    )
    (heard,) = ann.heard()
    assert heard["text"].startswith("photo.jpg\nhttps://chat.example/files/")
    assert str(delivery_of(ann, said).note).startswith("too_large: ")


def test_places_and_people_are_said(world: GraphWorld, ann: Person, greeting: Message) -> None:
    said = world.says(greeting.conversation_id, "x")
    world.deliver(ann, said, type="location", content={"latitude": 1.5, "longitude": -2.0, "name": "Bar"})
    assert ann.heard()[0]["text"] == "Bar\nhttps://www.google.com/maps/search/?api=1&query=1.5,-2.0"


def test_images_are_one_message_of_which_each_is_told(world: GraphWorld, ann: Person, greeting: Message) -> None:
    said = world.says(greeting.conversation_id, "x")
    files = [world.media.new_file("image", "image/png", PNG) for _ in range(3)]
    files.append(world.media.new_file("document", "application/zip", b"PK"))
    world.deliver(ann, said, type="file", content="look", file=files[0], files=files)
    album, other, text = ann.heard()
    assert (album["type"], len(album["items"]), text["text"]) == ("album", 3, "look")
    assert other["type"] == ("text" if world.channel == "instagram" else "file")
    parts = [delivery_of(ann, said, number) for number in range(5)]
    assert [part.external_id for part in parts[:3]] == [album["id"], f"{album['id']}#1", f"{album['id']}#2"]
    assert [part.file_id for part in parts] == [*(file["file_id"] for file in files), None]
    world.deliver(ann, said, type="file", content="look", file=files[0], files=files)
    assert len(ann.heard()) == 3
    ann.does("POST", "/read")
    until(lambda: [world.status_of(ann, said, part) for part in range(5)] == ["read"] * 5, "each of them is read")
    ann.says("which?", reply_to=album["id"])
    until(lambda: messages_of(said.conversation_id)[-1].reply_to == said.message_id, "an answer to the album")


def test_an_image_that_is_refused_goes_as_a_link_and_does_not_keep_the_others(
    world: GraphWorld, ann: Person, greeting: Message
) -> None:
    said = world.says(greeting.conversation_id, "x")
    files = [world.media.new_file("image", "image/png", PNG) for _ in range(3)]
    del world.media.server.at[f"/{files[1]['file_id']}"]
    world.media.server.answers = [Answer({}, status=404)]
    world.deliver(ann, said, type="file", content="", file=files[0], files=files)
    assert [message["type"] for message in ann.heard()] == ["image", "text", "image"]
    notes = [delivery_of(ann, said, number).note for number in range(3)]
    assert [(note or "").partition(":")[0] for note in notes] == ["", "media_refused", ""]


def test_reactions_reads_and_typing_go_out(world: GraphWorld, ann: Person, greeting: Message) -> None:
    theirs = ann.messages()[0]["id"]
    world.act(ann, React(theirs, ("❤️",)))
    assert ann.messages()[0]["reactions"] == {"account": "❤️"}
    world.act(ann, React(theirs, ("🎉",)))
    assert ann.messages()[0]["reactions"] == {"account": "🎉"}
    world.act(ann, React(theirs, ()))
    assert ann.messages()[0]["reactions"] == {}
    world.act(ann, ShowTyping())
    world.act(ann, MarkRead(theirs))
    assert ann.messages()[0]["status"] == "read"
    with pytest.raises(Unsupported):
        world.act(ann, Retract(theirs))


@pytest.mark.parametrize(("fault", "fate"), [("server_error", TryAgain), ("too_many", ThrottledUntil)])
def test_faults_pass(world: GraphWorld, ann: Person, greeting: Message, fault: str, fate: type) -> None:
    world.set(**{fault: 1.0})
    said = world.says(greeting.conversation_id, "yes")
    with pytest.raises(NotSent) as caught:
        world.deliver(ann, said)
    assert isinstance(caught.value.fate, fate)
    assert ann.heard() == []
    world.set(**{fault: 0.0})
    world.deliver(ann, said)
    world.deliver(ann, said)
    assert [message["text"] for message in ann.heard()] == ["yes"]


def test_a_closed_window_fails_at_once(world: GraphWorld, ann: Person, greeting: Message) -> None:
    world.set(window_s=0)
    said = world.says(greeting.conversation_id, "too late")
    world.deliver(ann, said)
    assert delivery_of(ann, said).status == "failed"
    assert str(delivery_of(ann, said).reason).startswith("window_closed: ")


def test_who_blocked_us_is_gone(world: GraphWorld, ann: Person, greeting: Message) -> None:
    ann.does("PUT", "/block")
    said = world.says(greeting.conversation_id, "hello?")
    world.deliver(ann, said)
    assert delivery_of(ann, said).status == "failed"
    assert str(delivery_of(ann, said).reason).startswith("unavailable: ")


def messages_of(conversation_id: str) -> list[Message]:
    return list(Message.query(conversation_id, consistent_read=True))


def texts(conversation_id: str) -> list[Any]:
    """Contents in a conversation, in order; None of what was unsent."""
    found = [m for m in messages_of(conversation_id) if m.type in ("text", "file")]
    return [None if m.deleted_at is not None else m.content for m in found]


def test_what_they_do_to_messages_is_done_here(world: GraphWorld, ann: Person, greeting: Message) -> None:
    said = world.says(greeting.conversation_id, "nice?")
    world.deliver(ann, said)

    def reactions() -> Any:
        return next(dict(m.reactions_of_users()) for m in messages_of(said.conversation_id) if m.seq == said.seq)

    ours = ann.heard()[0]["id"]
    ann.does("PUT", f"/messages/{ours}/reaction", emoji="❤️")
    until(lambda: [own.emojis for own in reactions().values()] == [("❤️",)], "the reaction")
    ann.does("DELETE", f"/messages/{ours}/reaction")
    until(lambda: not any(own.emojis for own in reactions().values()), "none any more")
    theirs = ann.messages()[0]["id"]
    if world.channel == "messenger":
        ann.does("PATCH", f"/messages/{theirs}", text="Olá!")
        until(lambda: texts(said.conversation_id)[0] == "Olá!", "the edit")
    else:
        ann.does("DELETE", f"/messages/{theirs}")
        until(lambda: texts(said.conversation_id)[0] is None, "the unsend")


def test_albums_are_messages_each_and_fetched(world: GraphWorld, ann: Person, greeting: Message) -> None:
    held = [ann.has(f"{name}.png", "image/png", PNG + name.encode()) for name in ("a", "b")]
    sent = ann.says(album=held)
    photos = world.said_to_us(3)[1:]
    assert [m.type for m in photos] == ["file", "file"]
    asked = [e.data for e in world.publisher.events if e.type == "chat4all.media.requested.v1"]
    assert [one["media"]["kind"] for one in asked] == ["image", "image"]
    for one, name in zip(asked, ("a", "b"), strict=True):
        fetched = world.sender.fetch(ann.target, one["media"], 1_000)
        assert (fetched.content_type, fetched.read(1_000)) == ("image/png", PNG + name.encode())
        fetched.close()
    if world.channel == "instagram":
        ann.does("DELETE", f"/messages/{sent['id']}")
        until(lambda: texts(greeting.conversation_id) == ["Olá 👋", None, None], "all of it is unsent")


def test_echoes_of_ours_are_nothing_and_of_others_kept(world: GraphWorld, ann: Person, greeting: Message) -> None:
    world.deliver(ann, world.says(greeting.conversation_id, "by us"))
    key = ann.path.rpartition("/")[2]
    world.ask("POST", f"/accounts/{key}/echoes", person=ann.id, text="by hand")
    until(lambda: "echo" in world.payloads.kept.values(), "the echo")
    until(lambda: list(world.payloads.kept.values()).count("echo") == 1, "one of them")


def test_wrong_credentials_make_no_account(world: GraphWorld) -> None:
    with pytest.raises(Invalid) as caught:
        world.new_account(access_token="EAABwrong")
    assert caught.value.code == "provider_refused"
    assert caught.value.errors[0].pointer == "/settings/access_token"


def test_one_app_serves_several_accounts(world: GraphWorld, account: Account, ann: Person) -> None:
    """All of them are told at the first one's URL; each is taken by its own."""
    second = world.new_account()
    theirs = second.settings["page_id" if world.channel == "messenger" else "ig_id"]
    secret = account.settings["app_secret"]
    second.update([Account.settings.set({**second.settings, "app_secret": secret})])
    url = f"{world.webhook_url}/channels/{world.channel}/{account.id}/webhook"
    world.ask("PATCH", f"/accounts/{theirs}", app_secret=secret)
    world.ask("PUT", f"/accounts/{theirs}/webhook", url=url, verify_token=account.settings["verify_token"])
    bob = world.new_person(second, "Bob")
    bob.says("for the second")
    said = world.said_to_us(1)[0]
    assert said.content == "for the second"
    world.deliver(bob, world.says(said.conversation_id, "heard"))
    assert [message["text"] for message in bob.heard()] == ["heard"]
    again = NewAccount(channel=world.channel, name="Twice", settings=dict(second.settings))
    with pytest.raises(Conflict):
        world.accounts.create(world.owner_id, again)
