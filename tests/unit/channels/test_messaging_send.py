"""Bodies as the Send API takes them, against a server that remembers what it was asked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chat4all.channels.channel import Target, Unsupported
from chat4all.channels.fates import Fate, NotSent, Permanent, RecipientGone, TryAgain
from chat4all.channels.instagram.send import Sender as Instagram
from chat4all.channels.messenger.send import Sender as Messenger
from chat4all.channels.meta.messaging.limits import HUMAN_AGENT
from chat4all.channels.meta.messaging.send import MessagingSender
from chat4all.channels.outgoing import (
    EditText,
    LinkPart,
    LocationPart,
    MarkRead,
    MediaPart,
    OutgoingFile,
    Part,
    React,
    Retract,
    Sent,
    ShowTyping,
    TextPart,
)
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server

PHOTO = OutgoingFile("f1", "image", "photo.jpg", "image/jpeg", 10)
OK = Answer({"recipient_id": "p1", "message_id": "m1"})
TO = {"recipient": {"id": "p1"}}


class Media:
    """Links alone."""

    def link(self, file: OutgoingFile) -> str:
        return f"https://s3.example/{file.file_id}"

    def share_link(self, file: OutgoingFile) -> str:
        return f"https://chat.example/files/{file.file_id}"


def refusal(code: int, subcode: int | None = None, message: str = "no", status: int = 400) -> Answer:
    return Answer({"error": {"message": message, "code": code, "error_subcode": subcode}}, status)


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with recorded_server() as server:
        server.answers = [OK]
        yield server


@pytest.fixture(params=["messenger", "instagram"])
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sender(channel: str) -> Iterator[MessagingSender]:
    media: Any = Media()
    sender = Messenger(media) if channel == "messenger" else Instagram(media)
    yield sender
    sender.close()


def target(server: RecordedServer, *, remaining_ms: int = 60_000, **terms: Any) -> Target:
    settings = {"page_id": "77", "ig_id": "88", "access_token": "EAAB", "api_base": server.url}
    return Target("a1", settings, "p1", terms, lambda: remaining_ms)


MESSAGES: list[tuple[Part, dict[str, Any], str | None]] = [
    (TextPart("hi"), {"text": "hi"}, None),
    (
        MediaPart(PHOTO, "image"),
        {"attachment": {"type": "image", "payload": {"url": "https://s3.example/f1"}}},
        None,
    ),
    (
        LinkPart(PHOTO, "too_large: x"),
        {"text": "photo.jpg\nhttps://chat.example/files/f1"},
        "too_large: x",
    ),
]


@pytest.mark.parametrize(("part", "message", "note"), MESSAGES)
def test_messages(
    server: RecordedServer,
    channel: str,
    sender: MessagingSender,
    part: Part,
    message: dict[str, Any],
    note: str | None,
) -> None:
    assert sender.send(target(server), part, None) == Sent("m1", note)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", f"/v26.0/{'77' if channel == 'messenger' else '88'}/messages")
    assert asked.headers["authorization"] == "Bearer EAAB"
    terms = {"messaging_type": "RESPONSE"} if channel == "messenger" else {}
    assert asked.json == TO | terms | {"message": message}


def test_messenger_says_our_reference_back(server: RecordedServer, channel: str, sender: MessagingSender) -> None:
    sender.send(replace(target(server), reference="x:0"), TextPart("hi"), None)
    said = {"metadata": "x:0"} if channel == "messenger" else {}
    assert server.asked[0].json["message"] == {"text": "hi"} | said


def test_a_tag_replaces_the_ordinary_terms(server: RecordedServer, sender: MessagingSender) -> None:
    sender.send(target(server, **HUMAN_AGENT), TextPart("hi"), "m0")
    (asked,) = server.asked
    assert asked.json == TO | HUMAN_AGENT | {"message": {"text": "hi"}, "reply_to": {"mid": "m0"}}


def test_pieces_are_named_by_their_message(server: RecordedServer, sender: MessagingSender) -> None:
    sender.send(target(server), TextPart("hi"), "m0#1")
    sender.act(target(server), React("m0#2", ("🎉",)))
    sent, reacted = server.asked
    assert sent.json["reply_to"] == {"mid": "m0"}
    assert reacted.json["payload"] == {"message_id": "m0", "reaction": "🎉"}


def test_what_it_answers_may_be_gone(server: RecordedServer, sender: MessagingSender) -> None:
    server.answers = [refusal(100), OK]
    sent = sender.send(target(server), TextPart("hi"), "m0")
    assert sent.external_id == "m1"
    assert sent.note is not None
    assert sent.note.startswith("reply_left_out: ")
    first, second = (asked.json for asked in server.asked)
    assert first.pop("reply_to") == {"mid": "m0"}
    assert first == second


@pytest.mark.parametrize(
    ("answer", "reply_to", "fate", "asked"),
    [
        (refusal(100), None, Permanent, 1),
        (refusal(100), "m0", Permanent, 2),
        (refusal(100, 2018001), "m0", RecipientGone, 1),
        (refusal(551), "m0", RecipientGone, 1),
        (refusal(2, status=500), "m0", TryAgain, 1),
        (Answer({"recipient_id": "p1"}), "m0", TryAgain, 1),
        (Answer(b"<html>", 502), None, TryAgain, 1),
        (Answer(hangs_up=True), None, TryAgain, 1),
    ],
)
def test_refusals(
    server: RecordedServer,
    sender: MessagingSender,
    answer: Answer,
    reply_to: str | None,
    fate: type[Fate],
    asked: int,
) -> None:
    server.answers = [answer]
    with pytest.raises(NotSent) as caught:
        sender.send(target(server), TextPart("hi"), reply_to)
    assert type(caught.value.fate) is fate
    assert len(server.asked) == asked


def test_nothing_is_begun_without_time(server: RecordedServer, sender: MessagingSender) -> None:
    with pytest.raises(NotSent) as caught:
        sender.send(target(server, remaining_ms=5_000), TextPart("hi"), None)
    assert caught.value.fate.reason.startswith("no_time: ")
    assert server.asked == []


def test_no_token_in_what_is_told(server: RecordedServer, sender: MessagingSender) -> None:
    server.answers = [refusal(190, message="Malformed access token EAAB", status=401)]
    with pytest.raises(NotSent) as caught:
        sender.send(target(server), TextPart("hi"), None)
    assert "EAAB" not in str(caught.value)


@pytest.mark.parametrize(
    ("action", "body"),
    [
        (React("m0", ("❤️", "🎉")), {"sender_action": "react", "payload": {"message_id": "m0", "reaction": "🎉"}}),
        (React("m0", ()), {"sender_action": "unreact", "payload": {"message_id": "m0"}}),
        (MarkRead("m0"), {"sender_action": "mark_seen"}),
        (ShowTyping(), {"sender_action": "typing_on"}),
    ],
)
def test_actions(server: RecordedServer, sender: MessagingSender, action: Any, body: dict[str, Any]) -> None:
    server.answers = [Answer({"recipient_id": "p1"})]
    sender.act(target(server), action)
    assert [asked.json for asked in server.asked] == [TO | body]


@pytest.mark.parametrize("action", [EditText("m0", "new"), Retract("m0")])
def test_what_the_api_does_not_have(server: RecordedServer, sender: MessagingSender, action: Any) -> None:
    with pytest.raises(Unsupported):
        sender.act(target(server), action)
    assert server.asked == []


def test_a_part_of_another_channel_is_refused(server: RecordedServer, sender: MessagingSender) -> None:
    with pytest.raises(NotSent) as caught:
        sender.send(target(server), LocationPart(1, 2), None)
    assert isinstance(caught.value.fate, Permanent)


# --- names


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        ({"first_name": "Carla", "last_name": "Souza", "id": "p1"}, ("Carla Souza", None)),
        ({"first_name": " Carla ", "id": "p1"}, ("Carla", None)),
        ({"name": "Carla S.", "username": "carla"}, (None, "Carla S.")),
        ({"name": "", "username": "carla"}, (None, "carla")),
        ({"first_name": 5, "name": None}, (None, None)),
    ],
)
def test_a_contact_is_called_what_the_profile_says(
    channel: str, sender: MessagingSender, server: RecordedServer, profile: dict[str, Any], names: tuple[Any, Any]
) -> None:
    server.answers = [Answer(profile)]
    assert sender.name_of(target(server)) == names[0 if channel == "messenger" else 1]
    (asked,) = server.asked
    fields = "first_name%2Clast_name" if channel == "messenger" else "name%2Cusername"
    assert (asked.method, asked.path) == ("GET", f"/v26.0/p1?fields={fields}")


def test_a_profile_that_may_not_be_read_is_no_name(sender: MessagingSender, server: RecordedServer) -> None:
    server.answers = [refusal(10, 2018218, "does not have sufficient privileges")]
    with pytest.raises(NotSent) as refused:
        sender.name_of(target(server))
    assert isinstance(refused.value.fate, Permanent)
