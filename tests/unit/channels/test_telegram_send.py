"""What is said to the Bot API, and what is made of its answers: against a server with prepared answers."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chat4all.channels.channel import Unsupported
from chat4all.channels.fates import NotSent, Permanent, RecipientGone, ThrottledUntil, TryAgain
from chat4all.channels.outgoing import (
    Action,
    ContactPart,
    EditText,
    LinkPart,
    LocationPart,
    MarkRead,
    MediaPart,
    Part,
    React,
    Retract,
    Sent,
    ShowTyping,
    TextPart,
)
from chat4all.channels.telegram.send import Sender
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server
from tests.unit.channels.telegram_calls import (
    BYTES,
    DONE,
    MESSAGE,
    PHOTO,
    TAKEN,
    TOKEN,
    Files,
    called,
    refused,
    target,
)


@pytest.fixture(scope="module")
def _server() -> Iterator[RecordedServer]:
    with recorded_server() as server:
        yield server


@pytest.fixture
def telegram(_server: RecordedServer) -> RecordedServer:
    _server.answers = [TAKEN]
    _server.asked.clear()
    return _server


@pytest.fixture
def hung_up_on() -> Iterator[RecordedServer]:
    """Of one test: a request that ends early may be recorded when the test is over already."""
    with recorded_server() as server:
        yield server


@pytest.fixture(scope="module")
def _sender() -> Iterator[tuple[Sender, Files]]:
    files = Files()
    sender = Sender(files)  # type: ignore[arg-type]
    yield sender, files
    sender.close()


@pytest.fixture
def files(_sender: tuple[Sender, Files]) -> Files:
    vars(_sender[1]).clear()
    return _sender[1]


@pytest.fixture
def sender(_sender: tuple[Sender, Files], files: Files) -> Sender:
    return _sender[0]


PLAIN: list[tuple[Part, str, dict[str, str]]] = [
    (TextPart("hi <b> & 😀"), "sendMessage", {"text": "hi <b> & 😀"}),
    (LocationPart(1.5, -2.25), "sendLocation", {"latitude": "1.5", "longitude": "-2.25"}),
    (
        LocationPart(1.5, 2.0, "Café", "Street 1"),
        "sendVenue",
        {"latitude": "1.5", "longitude": "2.0", "title": "Café", "address": "Street 1"},
    ),
    (ContactPart("Grace", "+1"), "sendContact", {"phone_number": "+1", "first_name": "Grace"}),
    (
        ContactPart("x" * 64 + "y" * 70, "+1"),
        "sendContact",
        {"phone_number": "+1", "first_name": "x" * 64, "last_name": "y" * 64},
    ),
    (
        LinkPart(PHOTO, "too_large: x"),
        "sendMessage",
        {"text": 'Élan "1".png\nhttps://chat.example/files/f1/x'},
    ),
]


@pytest.mark.parametrize(("part", "method", "parameters"), PLAIN)
def test_what_needs_no_file(
    sender: Sender, telegram: RecordedServer, part: Part, method: str, parameters: dict[str, str]
) -> None:
    assert sender.send(target(telegram), part, None) == Sent("55")
    assert called(telegram.asked[0]) == (method, {"chat_id": "9"} | parameters)


def test_an_answer_is_one_also_where_the_question_is_gone(sender: Sender, telegram: RecordedServer) -> None:
    sender.send(target(telegram), TextPart("yes"), "12")
    _, parameters = called(telegram.asked[0])
    assert parameters["reply_parameters"] == '{"allow_sending_without_reply": true, "message_id": 12}'
    sender.send(target(telegram), TextPart("yes"), "callback_query-4382")
    assert called(telegram.asked[1]) == ("sendMessage", {"chat_id": "9", "text": "yes"})


KINDS = ["photo", "video", "audio", "voice", "animation", "document", "sticker"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_streamed_as_its_kind(sender: Sender, telegram: RecordedServer, files: Files, kind: str) -> None:
    caption = "" if kind == "sticker" else "look 👀"
    sent = sender.send(target(telegram), MediaPart(PHOTO, kind, caption), "12")
    method, parameters = called(telegram.asked[0])
    assert method == f"send{kind.capitalize()}"
    name, content = parameters.pop(kind)
    assert (content == BYTES[: PHOTO.size], name) == (True, "Élan '1'.png")
    assert parameters.pop("reply_parameters")
    assert parameters == {"chat_id": "9"} | ({"caption": caption} if caption else {})
    assert (files.opened, files.closed) == (1, 1)
    as_document = "as_document: Telegram takes no such image (image/png)" if kind == "document" else None
    assert sent == Sent("55", as_document)


def test_a_photo_that_is_none_for_telegram_goes_as_a_document(
    sender: Sender, telegram: RecordedServer, files: Files
) -> None:
    telegram.answers = [refused("Bad Request: PHOTO_INVALID_DIMENSIONS"), TAKEN]
    sent = sender.send(target(telegram), MediaPart(PHOTO, "photo", "look"), None)
    assert sent.note is not None
    assert sent.note.startswith("as_document: ")
    assert "PHOTO_INVALID_DIMENSIONS" in sent.note.upper()
    assert [called(asked)[0] for asked in telegram.asked] == ["sendPhoto", "sendDocument"]
    assert (files.opened, files.closed) == (2, 2)


def test_an_album_is_one_call_with_all_its_files(
    sender: Sender, telegram: RecordedServer, files: Files, hung_up_on: RecordedServer
) -> None:
    telegram.answers = [Answer({"ok": True, "result": [MESSAGE, MESSAGE | {"message_id": 56}]})]
    parts = [MediaPart(PHOTO, "photo", "look", album=1), MediaPart(PHOTO, "video", album=1)]
    assert sender.send_album(target(telegram), parts, "12") == [Sent("55"), Sent("56")]
    method, parameters = called(telegram.asked[0])
    assert method == "sendMediaGroup"
    first, second = json.loads(parameters["media"])
    assert (first["type"], first["caption"], second["type"], "caption" in second) == ("photo", "look", "video", False)
    for one in (first, second):
        assert parameters[one["media"].removeprefix("attach://")] == ("Élan '1'.png", BYTES[: PHOTO.size])
    assert "12" in parameters["reply_parameters"]
    assert (files.opened, files.closed) == (2, 2)
    files.ends_early = 65_536
    with pytest.raises(NotSent) as caught:
        sender.send_album(target(hung_up_on), parts, None)
    assert caught.value.fate == TryAgain("storage: gone")
    assert (files.opened, files.closed) == (3, 3)


def test_s3_going_away_is_no_fault_of_telegrams(sender: Sender, hung_up_on: RecordedServer, files: Files) -> None:
    files.ends_early = 65_536
    with pytest.raises(NotSent) as caught:
        sender.send(target(hung_up_on), MediaPart(PHOTO, "photo"), None)
    assert caught.value.fate == TryAgain("storage: gone")
    assert files.closed == 1
    deadline = time.monotonic() + 10
    while not hung_up_on.asked:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(hung_up_on.asked[0].body) < PHOTO.size


def test_a_chat_that_has_moved_is_followed(sender: Sender, telegram: RecordedServer, files: Files) -> None:
    moved = refused("Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100987})
    telegram.answers = [moved, TAKEN]
    sender.send(target(telegram), MediaPart(PHOTO, "photo"), None)
    assert [called(asked)[1]["chat_id"] for asked in telegram.asked] == ["9", "-100987"]
    telegram.answers = [moved]
    with pytest.raises(NotSent) as caught:
        sender.send(target(telegram), TextPart("x"), None)
    assert caught.value.fate == TryAgain("moved: again and again")


FATES = [
    (refused("Too Many Requests: retry after 7", {"retry_after": 7}, 429), ThrottledUntil, "throttled"),
    (refused("Forbidden: bot was blocked by the user", status=403), RecipientGone, "recipient_gone"),
    (refused("Bad Request: chat not found"), RecipientGone, "recipient_gone"),
    (refused("Bad Request: message is too long"), Permanent, "refused"),
    (refused("Unauthorized", status=401), Permanent, "account_refused"),
    (refused("Not Found", status=404), Permanent, "account_refused"),
    (refused("Internal Server Error", status=500), TryAgain, "unreachable"),
    (Answer(f"<html>/bot{TOKEN}/x{'x' * 9000}</html>".encode(), 502), TryAgain, "unreachable"),
    (Answer(b"not JSON"), Permanent, "refused"),
    (Answer(hangs_up=True), TryAgain, "unreachable"),
]


@pytest.mark.parametrize(("answer", "fate", "word"), FATES, ids=lambda value: str(value)[:60])
def test_fates(
    sender: Sender,
    telegram: RecordedServer,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    fate: type,
    word: str,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    telegram.answers = [answer]
    for part in (TextPart("x"), MediaPart(PHOTO, "photo")):
        with pytest.raises(NotSent) as caught:
            sender.send(target(telegram), part, None)
        assert type(caught.value.fate) is fate
        assert caught.value.fate.reason.startswith(f"{word}: ")
        assert TOKEN not in caught.value.fate.reason
        assert len(caught.value.fate.reason) < 400


def test_without_time_nothing_is_begun(sender: Sender, telegram: RecordedServer) -> None:
    for part, remaining_ms in ((TextPart("x"), 11_000), (MediaPart(PHOTO, "photo"), 21_000)):
        with pytest.raises(NotSent) as caught:
            sender.send(target(telegram, remaining_ms), part, None)
        assert caught.value.fate.reason.startswith("no_time: ")
    assert telegram.asked == []


# --- actions

HEART = '[{"emoji": "\\u2764", "type": "emoji"}]'
ACTIONS: list[tuple[Action, str, dict[str, str]]] = [
    (EditText("5", "new"), "editMessageText", {"message_id": "5", "text": "new"}),
    (EditText("5", "new", is_caption=True), "editMessageCaption", {"message_id": "5", "caption": "new"}),
    (Retract("5"), "deleteMessage", {"message_id": "5"}),
    (React("5", ("❤️",)), "setMessageReaction", {"message_id": "5", "reaction": HEART}),
    (React("5", ()), "setMessageReaction", {"message_id": "5", "reaction": "[]"}),
    (
        React("5", ("👍🏽", "👍")),
        "setMessageReaction",
        {"message_id": "5", "reaction": HEART.replace("2764", "d83d\\udc4d")},
    ),
    (ShowTyping(), "sendChatAction", {"action": "typing"}),
]


@pytest.mark.parametrize(("action", "method", "parameters"), ACTIONS, ids=str)
def test_actions(
    sender: Sender, telegram: RecordedServer, action: Action, method: str, parameters: dict[str, str]
) -> None:
    telegram.answers = [DONE]
    sender.act(target(telegram), action)
    assert called(telegram.asked[0]) == (method, {"chat_id": "9"} | parameters)


@pytest.mark.parametrize(
    "action",
    [MarkRead("5"), React("5", ("👍", "🔥")), React("5", ("🥑",)), EditText("callback_query-1", "x"), Retract("x")],
    ids=str,
)
def test_what_bots_cannot_do_is_not_asked(sender: Sender, telegram: RecordedServer, action: Action) -> None:
    with pytest.raises(Unsupported):
        sender.act(target(telegram), action)
    assert telegram.asked == []


IMPOSSIBLE = [
    (Retract("5"), "Bad Request: message can't be deleted for everyone"),
    (Retract("5"), "Bad Request: message can't be deleted"),
    (EditText("5", "x"), "Bad Request: message can't be edited"),
    (EditText("5", "x"), "Bad Request: there is no text in the message to edit"),
    (React("5", ("👍",)), "Bad Request: REACTION_INVALID"),
]


@pytest.mark.parametrize(("action", "description"), IMPOSSIBLE, ids=str)
def test_what_telegram_does_not_do_is_unsupported(
    sender: Sender, telegram: RecordedServer, action: Action, description: str
) -> None:
    telegram.answers = [refused(description)]
    with pytest.raises(Unsupported, match="Telegram: "):
        sender.act(target(telegram), action)


@pytest.mark.parametrize(
    ("action", "description"),
    [
        (EditText("5", "x"), "Bad Request: message is not modified: specified new message content"),
        (Retract("5"), "Bad Request: message to delete not found"),
    ],
    ids=str,
)
def test_what_is_so_already_is_done(sender: Sender, telegram: RecordedServer, action: Action, description: str) -> None:
    telegram.answers = [refused(description)]
    sender.act(target(telegram), action)


def test_other_refusals_of_actions_have_fates(sender: Sender, telegram: RecordedServer) -> None:
    telegram.answers = [refused("Bad Request: message to edit not found")]
    with pytest.raises(NotSent) as caught:
        sender.act(target(telegram), EditText("5", "x"))
    assert isinstance(caught.value.fate, Permanent)


# --- fetching

MEDIA = {"kind": "document", "id": "BQAC", "content_type": "application/pdf", "size": 5}


def found(**file: Any) -> Answer:
    return Answer({"ok": True, "result": {"file_id": "BQAC", "file_unique_id": "u"} | file})


def test_a_file_is_read_piece_by_piece(sender: Sender, telegram: RecordedServer) -> None:
    telegram.answers = [found(file_path="documents/a b.pdf", file_size=5), Answer(b"12345")]
    file = sender.fetch(target(telegram), MEDIA, 5)
    assert (file.size, file.content_type) == (5, "application/pdf")
    assert [file.read(2), file.read(2), file.read(2), file.read(2)] == [b"12", b"34", b"5", b""]
    file.close()
    assert called(telegram.asked[0]) == ("getFile", {"file_id": "BQAC"})
    assert (telegram.asked[1].method, telegram.asked[1].path) == ("GET", f"/file/bot{TOKEN}/documents/a%20b.pdf")


def test_what_the_file_server_says_of_the_type_counts_where_it_says_something(
    sender: Sender, telegram: RecordedServer
) -> None:
    jpeg = {"Content-Type": "image/jpeg; q=1"}
    telegram.answers = [found(file_path="p/1"), Answer(b"1", headers=jpeg), found(file_path="p/1"), Answer(b"1")]
    assert sender.fetch(target(telegram), MEDIA, 5).content_type == "image/jpeg"
    assert sender.fetch(target(telegram), {"id": "BQAC"}, 5).content_type == "application/octet-stream"


BAD_FILES: list[tuple[list[Answer], type, str]] = [
    ([refused("Bad Request: file is too big")], Permanent, "too_large: "),
    ([refused("Bad Request: wrong file_id or the file is temporarily unavailable")], Permanent, "refused: "),
    ([found(file_path="/var/lib/telegram/1.pdf")], Permanent, "not_available: "),
    ([found(file_path="../../bot1:x/getMe")], Permanent, "not_available: "),
    ([found()], Permanent, "not_available: "),
    ([found(file_path="a"), Answer(b"123456")], Permanent, "too_large: 6 bytes, at most 5"),
    ([found(file_path="a"), Answer(b"", 404)], Permanent, "not_available: "),
    ([found(file_path="a"), Answer(b"", 302, {"Location": "http://127.0.0.1:9/"})], Permanent, "not_available: "),
    ([found(file_path="a"), Answer(b"", 502)], TryAgain, "unreachable: "),
    ([found(file_path="a"), Answer(hangs_up=True)], TryAgain, "unreachable: "),
    ([Answer(hangs_up=True)], TryAgain, "unreachable: "),
]


@pytest.mark.parametrize(("answers", "fate", "reason"), BAD_FILES, ids=lambda value: str(value)[:70])
def test_files_that_cannot_be_fetched(
    sender: Sender, telegram: RecordedServer, answers: list[Answer], fate: type, reason: str
) -> None:
    telegram.answers = answers
    with pytest.raises(NotSent) as caught:
        sender.fetch(target(telegram), MEDIA, 5)
    assert type(caught.value.fate) is fate
    assert caught.value.fate.reason.startswith(reason)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "content", "fate"),
    [
        ({"Content-Length": "", "Connection": "close"}, b"1234567", Permanent),  # more than is taken, unannounced
        ({"Content-Length": "5", "Connection": "close"}, b"123", TryAgain),  # it ends early
    ],
)
def test_files_that_are_not_as_announced(
    sender: Sender, telegram: RecordedServer, headers: dict[str, str], content: bytes, fate: type
) -> None:
    telegram.answers = [found(file_path="a"), Answer(content, headers=headers)]
    read_all: Callable[[], list[bytes]] = lambda: list(iter(lambda: file.read(2), b""))  # noqa: E731
    file = sender.fetch(target(telegram), MEDIA, 5)
    with pytest.raises(NotSent) as caught:
        read_all()
    assert type(caught.value.fate) is fate
    file.close()


def test_what_is_too_large_by_its_own_account_is_not_asked_for(sender: Sender, telegram: RecordedServer) -> None:
    with pytest.raises(NotSent, match="too_large"):
        sender.fetch(target(telegram), MEDIA, 4)
    assert telegram.asked == []
