"""WhatsApp both ways: the simulator's Cloud API on one side, our receiver, connector and accounts on the other."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from chat4all.channels.channel import Target
from chat4all.channels.fates import NotSent
from chat4all.channels.outgoing import MarkRead, React, ShowTyping, TextPart
from chat4all.errors import Invalid
from chat4all.stores.deliveries import Delivery
from chat4all.stores.messages import Message
from tests.contract.channel_world import until, users_of
from tests.contract.conftest import DynamoDb
from tests.contract.graph_world import GraphWorld, Person, running_graph_world

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture(scope="module")
def world(dynamodb: DynamoDb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphWorld]:
    users = users_of(dynamodb)
    folder = tmp_path_factory.mktemp("whatsapp")
    with running_graph_world("whatsapp", folder, users.create_guest("Owner"), users) as world:
        yield world


@pytest.fixture(autouse=True)
def _usual_settings(world: GraphWorld) -> Iterator[None]:
    usual = world.ask("GET", "/settings")
    yield
    world.set(**usual)


def writes(person: Person, text: str | None = None, **content: Any) -> Message:
    """What a person says, as it has become on our side."""
    before = len(person.world.said_to_us(0))
    person.says(text, **content)
    return person.world.said_to_us(before + 1)[before]


def statuses(world: GraphWorld, said: Message) -> list[str]:
    """Of all parts, when all that was reported is applied."""
    return [str(delivery.status) for delivery in deliveries(world, said)]


def deliveries(world: GraphWorld, said: Message) -> list[Delivery]:
    world.apply()
    found = Delivery.query(said.conversation_id, consistent_read=True)
    return [delivery for delivery in found if int(delivery.seq) == int(said.seq)]


def texts(conversation_id: str) -> list[Any]:
    """Contents in a conversation, in order."""
    return [m.content for m in Message.query(conversation_id, consistent_read=True) if m.type != "void"]


def again(said: Message) -> Message:
    """As it is now."""
    return Message.get(said.conversation_id, int(said.seq), consistent_read=True)


def told(world: GraphWorld, kind: str) -> list[dict[str, Any]]:
    """Messages of that type that webhooks have told."""
    values = [change["value"] for body in world.bodies for entry in body["entry"] for change in entry["changes"]]
    return [message for value in values for message in value.get("messages", []) if message["type"] == kind]


def target(person: Person) -> Target:
    return Target(person.account.id, person.account.settings, person.address, {}, lambda: 60_000)


def uploaded(person: Person, filename: str, content_type: str, data: bytes) -> str:
    """media_id of a file on their phone."""
    url = f"{person.world.phones_url}/people/{person.id}/uploads/{filename}"
    answer = person.world.http.put(url, content=data, headers={"Content-Type": content_type})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["media_id"])


def shown(world: GraphWorld, person: Any, count: int) -> list[dict[str, Any]]:
    """What the person has of the account, once there are so many."""
    return list(until(lambda: found if len(found := person.heard()) >= count else None, f"{count} messages"))


def test_an_account_is_registered_with_its_number(world: GraphWorld) -> None:
    account = world.new_account()
    (number,) = [
        one for one in world.ask("GET", "/accounts")["items"] if one["id"] == account.settings["phone_number_id"]
    ]
    assert number["webhook_url"] == f"{world.webhook_url}/channels/whatsapp/{account.id}/webhook"
    with pytest.raises(Invalid) as caught:
        world.new_account(access_token="EAAother")
    assert caught.value.code == "provider_refused"
    assert caught.value.errors[0].pointer == "/settings/access_token"
    with pytest.raises(Invalid) as caught:
        world.new_account(app_secret="of-another-app")
    assert caught.value.code == "provider_refused"


def test_what_a_person_says_arrives(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    first = writes(ana, "Olá 👋")
    assert (first.type, first.content, first.channel) == ("text", "Olá 👋", "whatsapp")
    placed = writes(ana, location={"latitude": 1.5, "longitude": -2.0, "name": "Cais"})
    assert placed.content == {"latitude": 1.5, "longitude": -2.0, "name": "Cais"}
    card = writes(ana, contacts=[{"name": "Rui", "phone": "+351 21"}])
    assert (card.type, card.content["name"], card.content["phone"]) == ("contact", "Rui", "+351 21")
    sent = next(message["id"] for message in ana.messages() if message["type"] == "text")
    answer = writes(ana, "sim", reply_to=sent)
    assert answer.reply_to == first.message_id
    assert {m.conversation_id for m in (first, placed, card, answer)} == {first.conversation_id}
    assert texts(first.conversation_id) == ["Olá 👋", placed.content, card.content, "sim"]


def test_our_answer_arrives_in_parts_and_its_statuses_come_back(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    asked = writes(ana, "?")
    said = world.says(asked.conversation_id, "é" * 4096 + "!", reply_to=asked.message_id)
    world.deliver(ana, said, sender_name=None)
    first, second = shown(world, ana, 2)
    assert [first["text"], second["text"]] == ["é" * 4096, "!"]
    assert first["reply_to"] == ana.messages()[0]["id"]
    until(lambda: statuses(world, said) == ["delivered", "delivered"], "delivered")
    ana.does("POST", "/read")
    until(lambda: statuses(world, said) == ["read", "read"], "read")
    world.deliver(ana, said)
    assert len(ana.heard()) == 2, "repeated, it is not sent again"


def test_places_contacts_and_names_of_senders(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    conversation = writes(ana, "?").conversation_id
    place = {"latitude": 1.5, "longitude": -2.0, "name": "Cais", "address": "Rua 1"}
    world.deliver(ana, world.says(conversation, "Olá"), sender_name="Eva")
    world.deliver(ana, world.says(conversation, "x"), type="location", content=place)
    world.deliver(ana, world.says(conversation, "x"), type="contact", content={"name": "Rui", "phone": "+1"})
    text, location, contact = shown(world, ana, 3)
    assert text["text"] == "Eva: Olá"
    assert location["location"]["name"] == "Cais"
    assert contact["contacts"][0]["name"] == "Rui"


@pytest.mark.parametrize(
    ("kind", "filename", "content_type", "data", "shown_as"),
    [
        ("image", "a.png", "image/png", PNG, "image"),
        ("document", "plan.pdf", "application/pdf", b"%PDF-1.7 ", "document"),
        ("voice", "v.ogg", "audio/ogg", b"OggS" + bytes(24) + b"OpusHead", "audio"),
        ("document", "a.zip", "application/zip", b"PK", "text"),
    ],
)
def test_files_go_native_or_as_a_link(
    world: GraphWorld, kind: str, filename: str, content_type: str, data: bytes, shown_as: str
) -> None:
    ana = world.new_person(world.new_account())
    said = world.says(writes(ana, "?").conversation_id, "see")
    facts = world.media.new_file(kind, content_type, data)
    world.deliver(ana, said, type="file", content="see", file=facts)
    found = until(lambda: next((m for m in ana.heard() if m["type"] == shown_as), None), shown_as)
    if shown_as != "text":
        url = found["media"]["url"]
        assert world.http.get(url if url.startswith("http") else world.simulators.url + url).content == data
    notes = [delivery.note for delivery in deliveries(world, said)]
    assert any(note and note.startswith("unsupported_type") for note in notes) == (shown_as == "text")


def test_of_several_files_each_is_a_message_with_a_fate(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    said = world.says(writes(ana, "?").conversation_id, "x")
    files = [
        world.media.new_file("image", "image/png", PNG),
        world.media.new_file("document", "application/zip", b"PK"),
        world.media.new_file("image", "image/png", PNG),
        world.media.new_file("document", "application/pdf", b"%PDF-1.7 "),
    ]
    world.deliver(ana, said, type="file", content="look", file=files[0], files=files)
    heard = shown(world, ana, 4)
    assert [message["type"] for message in heard] == ["image", "text", "image", "document"]
    assert [message.get("caption") for message in heard] == ["look", None, None, None]
    notes = [(delivery.file_id, (delivery.note or "").partition(":")[0]) for delivery in deliveries(world, said)]
    assert notes == [(file["file_id"], "unsupported_type" if n == 1 else "") for n, file in enumerate(files)]
    world.deliver(ana, said, type="file", content="look", file=files[0], files=files)
    assert len(ana.heard()) == 4


def test_a_file_of_theirs_is_fetched(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    media_id = uploaded(ana, "a.png", "image/png", PNG)
    said = writes(ana, media={"media_id": media_id, "type": "image", "caption": "look"})
    assert (said.type, said.content) == ("file", "look")
    held = told(world, "image")[-1]["image"]
    fetched = world.sender.fetch(target(ana), {"id": held["id"]}, 1_000)
    assert (fetched.content_type, b"".join(iter(lambda: fetched.read(64), b""))) == ("image/png", PNG)
    fetched.close()
    with pytest.raises(NotSent):
        world.sender.fetch(target(ana), {"id": held["id"]}, 10)


def test_reactions_reads_and_typing_of_ours(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    writes(ana, "Olá")
    wamid = ana.messages()[0]["id"]

    def first() -> dict[str, Any]:
        return dict(ana.messages()[0])

    world.act(ana, React(wamid, ("👍",)))
    assert first()["reactions"] == {"account": "👍"}
    world.act(ana, React(wamid, ()))
    assert first()["reactions"] == {}
    world.act(ana, MarkRead(wamid))
    assert first()["status"] == "read"
    world.act(ana, ShowTyping(wamid))
    with pytest.raises(NotSent):
        world.act(ana, MarkRead("wamid.unknown"))


def test_a_person_without_a_phone_number(world: GraphWorld) -> None:
    account = world.new_account()
    scoped = f"BR.{uuid.uuid4().int % 10**16}"
    ana = world.new_person(account, user_id=scoped, username="ana")
    assert ana.address == scoped
    said = world.says(writes(ana, "Olá").conversation_id, "olá")
    world.deliver(ana, said)
    assert shown(world, ana, 1)[0]["text"] == "olá"
    until(lambda: statuses(world, said) == ["delivered"], "delivered")


def test_a_new_number_is_the_same_contact(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    conversation = writes(ana, "one").conversation_id
    number = f"5511{uuid.uuid4().int % 10**9:09d}"
    changes = len(told(world, "system"))
    world.ask("PATCH", f"/people/{ana.id}", phone_number=number)
    until(lambda: len(told(world, "system")) > changes, "the change is told")
    assert writes(ana, "two").conversation_id == conversation
    said = world.says(conversation, "three")
    world.deliver(ana, said)  # to the address that the conversation knows, which is the old one
    assert shown(world, ana, 1)[0]["text"] == "three"
    until(lambda: statuses(world, said) == ["delivered"], "delivered")


def test_outside_the_window_only_a_template_goes(world: GraphWorld) -> None:
    account = world.new_account()
    ana = world.new_person(account)
    conversation = writes(ana, "?").conversation_id
    world.set(window_s=0)
    refused = world.says(conversation, "late")
    world.deliver(ana, refused)
    (failed,) = until(lambda: [d for d in deliveries(world, refused) if d.status == "failed"], "failed")
    assert str(failed.reason).startswith("window_closed: ")
    assert [m["text"] for m in ana.heard() if m["status"] != "failed"] == []


@pytest.mark.parametrize(("fault", "word"), [("server_error", "unreachable"), ("too_many", "throttled")])
def test_what_may_be_tried_again_is_sent_once(world: GraphWorld, fault: str, word: str) -> None:
    ana = world.new_person(world.new_account())
    said = world.says(writes(ana, "?").conversation_id, "x")
    world.set(**{fault: 1.0})
    with pytest.raises(NotSent) as caught:
        world.deliver(ana, said)
    assert caught.value.fate.reason.startswith(f"{word}: ")
    world.set(**{fault: 0.0})
    world.deliver(ana, said)
    assert len(shown(world, ana, 1)) == 1


def test_duplicates_disorder_and_batches_change_nothing(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    conversation = writes(ana, "0").conversation_id
    world.set(duplicates=1.0, drop_first=0.5, batch=10, seed=7)
    for number in range(1, 11):
        ana.says(str(number))
    until(lambda: sorted(texts(conversation), key=int) == [str(n) for n in range(11)], "all, once")
    world.set(duplicates=0.0, drop_first=0.0)
    writes(ana, "11")
    assert len(texts(conversation)) == 12


def test_what_they_change_is_changed_here(world: GraphWorld) -> None:
    ana = world.new_person(world.new_account())
    said = writes(ana, "Ola")
    theirs = quote(ana.messages()[0]["id"], safe="")

    ana.does("PATCH", f"/messages/{theirs}", text="Olá")
    until(lambda: again(said).content == "Olá", "edited")
    ours = world.says(said.conversation_id, "!")
    world.deliver(ana, ours)
    heard = quote(shown(world, ana, 1)[0]["id"], safe="")
    ana.does("PUT", f"/messages/{heard}/reaction", emoji="❤️")
    until(lambda: list(again(ours).reactions_of_users()) == [said.sender_id], "reacted")
    ana.does("DELETE", f"/messages/{heard}/reaction")
    until(lambda: not any(own.emojis for own in again(ours).reactions_of_users().values()), "taken back")
    ana.does("DELETE", f"/messages/{theirs}")
    until(lambda: again(said).deleted_at, "unsent")


def test_the_template_says_it_outside_the_window(world: GraphWorld) -> None:
    account = world.new_account(template={"name": "said", "language": "en_US"})
    body = {"type": "BODY", "text": "You have a message: {{1}}"}
    number = account.settings["phone_number_id"]
    world.ask("POST", f"/accounts/{number}/templates", name="said", language="en_US", components=[body])
    ana = world.new_person(account)
    said = world.says(writes(ana, "?").conversation_id, "late")
    world.set(window_s=0)
    sent = world.sender.send(
        replace(target(ana), terms={"template": account.settings["template"]}), TextPart("one\ntwo"), None
    )
    assert sent.note == "template: said by a template, outside the 24-hour window"
    assert "one two" in str(shown(world, ana, 1)[0])
    with pytest.raises(NotSent) as caught:
        world.sender.send(
            replace(target(ana), terms={"template": {"name": "no", "language": "en"}}), TextPart("x"), None
        )
    assert caught.value.fate.reason.startswith("template_refused: ")
    assert said.content == "late"
