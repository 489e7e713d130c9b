"""Calls of the Cloud API: bodies exactly as it takes them, errors as fates, files with limits."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chat4all.channels.channel import Target, Unsupported
from chat4all.channels.fates import Fate, NotSent, Permanent, RecipientGone, ThrottledUntil, TryAgain
from chat4all.channels.meta.errors import Failure
from chat4all.channels.outgoing import (
    Action,
    ContactPart,
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
from chat4all.channels.whatsapp.errors import fate_of
from chat4all.channels.whatsapp.send import Sender
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server

TOKEN = "EAAToken"
FILE = OutgoingFile("f1", "document", "plan.pdf", "application/pdf", 7)
ACCEPTED = Answer({"messaging_product": "whatsapp", "contacts": [], "messages": [{"id": "wamid.9"}]})


class Links:
    """Stands for channels.media.MediaStore: links only."""

    def link(self, file: OutgoingFile) -> str:
        return f"https://files.example/{file.file_id}"

    def share_link(self, file: OutgoingFile) -> str:
        return f"https://app.example/files/{file.file_id}"


@pytest.fixture(scope="module")
def sender() -> Iterator[Sender]:
    made = Sender(Links())  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with recorded_server() as running:
        running.answers = [ACCEPTED]
        yield running


def target(server: RecordedServer, **changed: Any) -> Target:
    settings = {"phone_number_id": "100", "access_token": TOKEN, "api_base": server.url}
    made = Target("a1", settings, "5511999990001", {}, lambda: 60_000)
    return replace(made, **changed)


AROUND = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "5511999990001"}


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (TextPart("Olá"), {"type": "text", "text": {"body": "Olá", "preview_url": False}}),
        (LocationPart(1.5, -2.0), {"type": "location", "location": {"latitude": 1.5, "longitude": -2.0}}),
        (
            LocationPart(1.5, -2.0, "n", "a"),
            {"type": "location", "location": {"latitude": 1.5, "longitude": -2.0, "name": "n", "address": "a"}},
        ),
        (
            ContactPart("Rui", "+1", "r@x"),
            {
                "type": "contacts",
                "contacts": [
                    {
                        "name": {"formatted_name": "Rui", "first_name": "Rui"},
                        "phones": [{"phone": "+1", "type": "CELL"}],
                        "emails": [{"email": "r@x"}],
                    }
                ],
            },
        ),
        (
            MediaPart(FILE, "document", "see"),
            {
                "type": "document",
                "document": {"link": "https://files.example/f1", "caption": "see", "filename": "plan.pdf"},
            },
        ),
        (MediaPart(FILE, "image"), {"type": "image", "image": {"link": "https://files.example/f1"}}),
        (MediaPart(FILE, "voice"), {"type": "audio", "audio": {"link": "https://files.example/f1", "voice": True}}),
        (MediaPart(FILE, "sticker"), {"type": "sticker", "sticker": {"link": "https://files.example/f1"}}),
        (
            LinkPart(FILE, "too_large: x"),
            {"type": "text", "text": {"body": "plan.pdf\nhttps://app.example/files/f1", "preview_url": False}},
        ),
    ],
)
def test_bodies(sender: Sender, server: RecordedServer, part: Part, content: dict[str, Any]) -> None:
    assert sender.send(target(server), part, None) == Sent("wamid.9")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v26.0/100/messages")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.json == AROUND | content


def test_an_answer_to_a_business_scoped_id_with_our_reference(sender: Sender, server: RecordedServer) -> None:
    sender.send(target(server, address="US.ENT.118", reference="r1"), TextPart("x"), "wamid.0#2")
    assert server.asked[0].json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient": "US.ENT.118",
        "type": "text",
        "text": {"body": "x", "preview_url": False},
        "context": {"message_id": "wamid.0"},
        "biz_opaque_callback_data": "r1",
    }


def test_outside_the_window_the_template_says_it(sender: Sender, server: RecordedServer) -> None:
    terms = {"template": {"name": "said", "language": "pt_BR"}}
    sent = sender.send(target(server, terms=terms), TextPart("one\n\n  two"), None)
    assert sent == Sent("wamid.9", "template: said by a template, outside the 24-hour window")
    assert server.asked[0].json["type"] == "template"
    assert server.asked[0].json["template"] == {
        "name": "said",
        "language": {"code": "pt_BR"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "one two"}]}],
    }


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (TextPart("x" * 901), "x" * 899 + "…"),
        (MediaPart(FILE, "document", "see"), "see plan.pdf https://app.example/files/f1"),
        (LocationPart(1.5, -2.0, "n"), "n https://www.google.com/maps/search/?api=1&query=1.5,-2.0"),
        (ContactPart("Rui", "+1"), "Rui +1"),
    ],
)
def test_any_part_in_a_template(sender: Sender, server: RecordedServer, part: Part, said: str) -> None:
    sent = sender.send(target(server, terms={"template": {"name": "said", "language": "en"}}), part, None)
    assert server.asked[0].json["template"]["components"][0]["parameters"][0]["text"] == said
    assert ("shortened" in (sent.note or "")) == said.endswith("…")


def test_what_is_paced_is_noted(sender: Sender, server: RecordedServer) -> None:
    server.answers = [Answer({"messages": [{"id": "w", "message_status": "held_for_quality_assessment"}]})]
    assert sender.send(target(server), TextPart("x"), None) == Sent("w", "held: held_for_quality_assessment")


def error(code: int, status: int = 400, **more: Any) -> Answer:
    return Answer({"error": {"message": "m", "type": "OAuthException", "code": code, **more}}, status)


def test_an_answer_to_what_it_does_not_know_is_said_without(sender: Sender, server: RecordedServer) -> None:
    server.answers = [error(131009), ACCEPTED]
    assert sender.send(target(server), TextPart("x"), "wamid.0") == Sent("wamid.9")
    assert ["context" in asked.json for asked in server.asked] == [True, False]
    server.answers = [error(131009)]
    with pytest.raises(NotSent) as caught:
        sender.send(target(server), TextPart("x"), None)
    assert caught.value.fate == Permanent("refused: m (131009)")
    with pytest.raises(NotSent) as caught:
        sender.send(target(server, remaining_ms=lambda: 20_000), TextPart("x"), "wamid.0")
    assert caught.value.fate.reason.startswith("no_time: ")


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (error(131056), ThrottledUntil("throttled: m (131056)", 6.0)),
        (error(130429, 429), ThrottledUntil("throttled: m (130429)", 1.0)),
        (error(131026, error_data={"details": "d"}), RecipientGone("recipient_gone: d (131026)")),
        (error(190, 401), Permanent("account_refused: m (190)")),
        (error(1, 500), TryAgain("unreachable: m (1)")),
        (Answer(b"", 503), TryAgain("unreachable: HTTP 503")),
        (Answer({"messages": []}), TryAgain("unreachable: the answer names no message")),
        (Answer({"messages": [7]}), TryAgain("unreachable: the answer names no message")),
        (Answer(hangs_up=True), None),
    ],
)
def test_fates_of_sends(sender: Sender, server: RecordedServer, answer: Answer, fate: Fate | None) -> None:
    server.answers = [answer]
    with pytest.raises(NotSent) as caught:
        sender.send(target(server), TextPart("x"), None)
    assert TOKEN not in str(caught.value)
    if fate is None:
        assert caught.value.fate.reason.startswith("unreachable: ")
    else:
        assert caught.value.fate == fate


AGAIN = [2, 131000, 131016, 131057]
LATER = [4, 17, 32, 613, 80007, 130429, 131049, 131056, 133016]
NEVER = [0, 3, 10, 100, 190, 200, 299, 368, 130472, 130497, 131008, 131009, 131021, 131030, 131031, 131042, 131045]
NEVER += [131047, 131048, 131050, 131051, 131052, 131053, 132000, 132999, 999_999]


@pytest.mark.parametrize(
    ("codes", "kind"), [(AGAIN, TryAgain), (LATER, ThrottledUntil), (NEVER, Permanent), ([131026], RecipientGone)]
)
def test_every_code_of_the_table(codes: list[int], kind: type[Fate]) -> None:
    assert {code: type(fate_of(Failure("t", 400, code))) for code in codes} == dict.fromkeys(codes, kind)


def test_131049_waits_a_day() -> None:
    assert fate_of(Failure("t", 400, 131049)) == ThrottledUntil("withheld: t", 86_400.0)


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (React("w", ("👍", "❤️")), AROUND | {"type": "reaction", "reaction": {"message_id": "w", "emoji": "❤️"}}),
        (React("w", ()), AROUND | {"type": "reaction", "reaction": {"message_id": "w", "emoji": ""}}),
        (MarkRead("w"), {"messaging_product": "whatsapp", "status": "read", "message_id": "w"}),
        (
            ShowTyping("w"),
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": "w",
                "typing_indicator": {"type": "text"},
            },
        ),
    ],
)
def test_actions(sender: Sender, server: RecordedServer, action: Action, asked: dict[str, Any]) -> None:
    server.answers = [Answer({"success": True})]
    sender.act(target(server), action)
    assert server.asked[0].json == asked
    server.answers = [error(131009)]
    with pytest.raises(NotSent):
        sender.act(target(server), action)


@pytest.mark.parametrize("action", [EditText("w", "x"), Retract("w"), ShowTyping()])
def test_what_it_cannot_do(sender: Sender, server: RecordedServer, action: Action) -> None:
    with pytest.raises(Unsupported):
        sender.act(target(server), action)
    assert not server.asked


def test_a_file_is_fetched(sender: Sender, server: RecordedServer) -> None:
    held = {"id": "55", "url": f"{server.url}/file", "mime_type": "image/jpeg", "file_size": 100_000}
    server.answers = [Answer(held), Answer(b"x" * 100_000, headers={"Content-Type": "image/jpeg"})]
    fetched = sender.fetch(target(server), {"kind": "image", "id": "55"}, 100_000)
    assert (fetched.content_type, fetched.size) == ("image/jpeg", 100_000)
    pieces = list(iter(lambda: fetched.read(8_192), b""))
    fetched.close()
    assert b"".join(pieces) == b"x" * 100_000
    assert max(map(len, pieces)) <= 8_192
    assert [asked.path for asked in server.asked] == ["/v26.0/55?phone_number_id=100", "/file"]
    assert all(asked.headers["authorization"] == f"Bearer {TOKEN}" for asked in server.asked)


@pytest.mark.parametrize(
    ("media_id", "held", "word"),
    [
        ("../100", {}, "media_refused"),
        (None, {}, "media_refused"),
        ("55", {"url": "/file", "file_size": 11}, "too_large"),
        ("55", {"url": "/file"}, "too_large"),
        ("55", {}, "media_refused"),
        ("55", {"url": "https://evil.example/file"}, "media_refused: WhatsApp names a file at evil.example"),
        ("55", {"url": "https://[x"}, "media_refused"),
        ("55", {"url": 7}, "media_refused"),
    ],
)
def test_files_that_are_not_fetched(
    sender: Sender, server: RecordedServer, media_id: Any, held: dict[str, Any], word: str
) -> None:
    if held.get("url") == "/file":
        held = held | {"url": f"{server.url}/file"}
    server.answers = [Answer(held), Answer(b"x" * 11)]
    with pytest.raises(NotSent) as caught:
        sender.fetch(target(server), {"id": media_id}, 10)
    assert isinstance(caught.value.fate, Permanent)
    assert caught.value.fate.reason.startswith(word)


def test_a_file_without_a_length_is_bounded_too(sender: Sender, server: RecordedServer) -> None:
    chunked = b"3\r\nxxx\r\n9\r\nyyyyyyyyy\r\n0\r\n\r\n"
    headers = {"Transfer-Encoding": "chunked", "Content-Length": ""}
    server.answers = [Answer({"url": f"{server.url}/file"}), Answer(chunked, headers=headers)]
    fetched = sender.fetch(target(server), {"id": "55"}, 10)
    assert fetched.size is None
    with pytest.raises(NotSent) as caught:
        list(iter(lambda: fetched.read(4), b""))
    fetched.close()
    assert caught.value.fate == Permanent("too_large: more than 10 bytes")


def test_a_media_id_that_is_gone(sender: Sender, server: RecordedServer) -> None:
    server.answers = [error(100, error_subcode=33)]
    with pytest.raises(NotSent) as caught:
        sender.fetch(target(server), {"id": "55"}, 10)
    assert caught.value.fate == Permanent("refused: m (100/33)")
