"""messaging[] of Messenger and Instagram in our words: one table for what both share."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat4all.channels.inbound import (
    Contact,
    Echo,
    Happening,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Item,
    Media,
    StatusReport,
    Unknown,
)
from chat4all.channels.instagram import parse as instagram
from chat4all.channels.messenger import parse as messenger
from chat4all.domain.message import checked_content

PAGE, PERSON, TIME = "100000000000001", "200000000000001", 1772998024000
CONTACT = Contact(PERSON, PERSON)
URL = "https://cdn.example/1"


def event(**told: Any) -> dict[str, Any]:
    return {"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": TIME, **told}


def body(*events: Any, about: str = "page") -> dict[str, Any]:
    return {"object": about, "entry": [{"id": PAGE, "time": TIME, "messaging": list(events)}]}


def message(**told: Any) -> dict[str, Any]:
    return event(message={"mid": "m1", **told})


def attachment(kind: str, **payload: Any) -> dict[str, Any]:
    return {"type": kind, "payload": payload}


def text(content: str, **more: Any) -> Inbound:
    return Inbound("m1", CONTACT, "text", content, **more)


def file(kind: str, content: str = "", external_id: str = "m1", **more: Any) -> Inbound:
    return Inbound(external_id, CONTACT, "file", content, media=Media(kind, url=URL), **more)


def shared(kind: str, url: str | None = URL, **ids: Any) -> dict[str, Any]:
    return {"share": {"type": kind, "url": url, **ids}}


STORY = {"id": "17900000000000001", "url": URL}
MESSAGES: list[tuple[str, dict[str, Any], Sequence[Happening]]] = [
    ("text", message(text="hi"), [text("hi")]),
    ("answer", message(text="hi", reply_to={"mid": "m0", "is_self_reply": False}), [text("hi", reply_to="m0")]),
    ("answer to a story", message(text="hi", reply_to={"story": STORY}), [text("hi", origin={"story": STORY})]),
    ("quick reply", message(text="Yes", quick_reply={"payload": "y"}), [text("Yes", origin={"button": "y"})]),
    ("from an ad", message(text="hi", referral={"ref": "x"}), [text("hi", origin={"referral": {"ref": "x"}})]),
    *((kind, message(attachments=[attachment(kind, url=URL)]), [file(kind)]) for kind in ("image", "video", "audio")),
    ("file", message(attachments=[attachment("file", url=URL)]), [file("document")]),
    ("old sticker", message(attachments=[attachment("image", url=URL, sticker_id=369)]), [file("sticker")]),
    (
        "sticker told twice",
        message(
            attachments=[attachment("image", url=URL, sticker_id=369), attachment("sticker", url=URL, sticker_id=369)]
        ),
        [file("sticker")],
    ),
    ("caption", message(text="look", attachments=[attachment("image", url=URL)]), [file("image", "look")]),
    (
        "several",
        message(attachments=[attachment("image", url=URL), attachment("video", url=URL)], reply_to={"mid": "m0"}),
        [
            file("image", reply_to="m0", origin={"album": "m1"}),
            file("video", external_id="m1#1", origin={"album": "m1"}),
        ],
    ),
    (
        "known and unknown",
        message(attachments=[attachment("hologram", url=URL), attachment("image", url=URL)]),
        [file("image"), Unknown("attachment_hologram")],
    ),
    (
        "typed link",
        message(text=f"see {URL}", attachments=[{"type": "fallback", "title": "A page", "url": URL, "payload": None}]),
        [text(f"see {URL}", origin=shared("fallback"))],
    ),
    (
        "shared page",
        message(attachments=[{"type": "fallback", "payload": {"title": "A page", "url": URL}}]),
        [text(f"A page\n{URL}", origin=shared("fallback"))],
    ),
    ("fallback of nothing", message(attachments=[{"type": "fallback"}]), [Unknown("attachment_fallback")]),
    (
        "reel",
        message(attachments=[attachment("ig_reel", url=URL, title="Cats", reel_video_id="9")]),
        [text(f"Cats\n{URL}", origin=shared("ig_reel", reel_video_id="9"))],
    ),
    (
        "shared post, told twice",
        message(
            attachments=[
                attachment("share", url=URL, title="Desk", ig_post_media_id="7"),
                attachment("ig_post", url=URL, title="Desk", ig_post_media_id="7"),
            ]
        ),
        [text(f"Desk\n{URL}", origin=shared("ig_post", ig_post_media_id="7"))],
    ),
    (
        "product",
        message(
            attachments=[
                {
                    "type": "template",
                    "payload": {"product": {"elements": [{"id": "5", "title": "Tea", "subtitle": "3 €"}]}},
                }
            ]
        ),
        [text("Tea\n3 €", origin=shared("template", None))],
    ),
    (
        "mentioned in a story",
        message(attachments=[attachment("story_mention", url=URL)]),
        [file("image", origin={"story_mention": {"url": URL}})],
    ),
    (
        "place",
        message(
            attachments=[{"type": "location", "title": "Bar", "payload": {"coordinates": {"lat": 1.5, "long": -2}}}]
        ),
        [Inbound("m1", CONTACT, "location", {"latitude": 1.5, "longitude": -2.0, "name": "Bar"})],
    ),
    (
        "place and words",
        message(text="here", attachments=[attachment("location", coordinates={"lat": 1, "long": 2})]),
        [
            text("here", origin={"album": "m1"}),
            Inbound("m1#1", CONTACT, "location", {"latitude": 1.0, "longitude": 2.0}, origin={"album": "m1"}),
        ],
    ),
    ("nothing", message(), [Unknown("empty_message")]),
    ("what Instagram does not show", message(is_unsupported=True), [Unknown("unsupported_message")]),
    ("unsent", message(is_deleted=True), [InboundUnsend("m1", CONTACT)]),
    (
        "echo",
        {"sender": {"id": PAGE}, "recipient": {"id": PERSON}, "message": {"mid": "m1", "text": "hi", "is_echo": True}},
        [Echo("m1", PERSON)],
    ),
    (
        "echo with what was said with it",
        {
            "sender": {"id": PAGE},
            "recipient": {"id": PERSON},
            "message": {"mid": "m1", "text": "hi", "is_echo": True, "metadata": "x:0"},
        },
        [Echo("m1", PERSON, "x:0")],
    ),
    (
        "echo unsent",
        {"sender": {"id": PAGE}, "recipient": {"id": PERSON}, "message": {"mid": "m1", "is_echo": 1, "is_deleted": 1}},
        [Unknown("echo_deleted")],
    ),
    ("to oneself", {**message(text="note"), "sender": {"id": PAGE}}, [Unknown("own_message")]),
]
CHANGES: list[tuple[str, dict[str, Any], Sequence[Happening]]] = [
    (
        "button",
        event(postback={"mid": "m1", "title": "Hello", "payload": "p"}),
        [text("Hello", origin={"button": "p"})],
    ),
    (
        "ice breaker of an ad",
        event(postback={"mid": "m1", "title": "Hello", "payload": "p", "referral": {"ref": "x"}}),
        [text("Hello", origin={"button": "p", "referral": {"ref": "x"}})],
    ),
    ("button without words", event(postback={"mid": "m1", "payload": "p"}), [text("p", origin={"button": "p"})]),
    ("button of nothing", event(postback={"mid": "m1"}), [Unknown("postback")]),
    (
        "edit",
        event(message_edit={"mid": "m1", "text": "new", "num_edit": "1"}),
        [InboundEdit("m1", CONTACT, "new", time_ms=TIME)],
    ),
    ("edit of nothing", event(message_edit={"mid": "m1", "num_edit": 0}), [Unknown("message_edit")]),
    (
        "reaction",
        event(reaction={"mid": "m1", "action": "react", "emoji": "🎉", "reaction": "other"}),
        [InboundReactions("m1", CONTACT, ("🎉",), time_ms=TIME)],
    ),
    (
        "reaction by its word",
        event(reaction={"mid": "m1", "action": "react", "reaction": "wow"}),
        [InboundReactions("m1", CONTACT, ("😮",), time_ms=TIME)],
    ),
    ("other reaction", event(reaction={"mid": "m1", "action": "react", "reaction": "other"}), [Unknown("reaction")]),
    (
        "reaction taken back",
        event(reaction={"mid": "m1", "action": "unreact"}),
        [InboundReactions("m1", CONTACT, (), time_ms=TIME)],
    ),
    (
        "delivered",
        event(delivery={"mids": ["m1", "m2"], "watermark": 5}),
        [
            StatusReport(PERSON, "delivered", 5, external_id="m1"),
            StatusReport(PERSON, "delivered", 5, external_id="m2"),
            StatusReport(PERSON, "delivered", 5, through_ms=5),
        ],
    ),
    ("delivered, old clients", event(delivery={"watermark": 5}), [StatusReport(PERSON, "delivered", 5, through_ms=5)]),
    ("read up to a time", event(read={"watermark": 5}), [StatusReport(PERSON, "read", 5, through_ms=5)]),
    ("read", event(read={"mid": "m1"}), [StatusReport(PERSON, "read", TIME, external_id="m1", through_ms=TIME)]),
    ("referral", event(referral={"ref": "x", "source": "SHORTLINK"}), [Unknown("referral")]),
    ("opt-in", event(optin={"type": "notification_messages"}), [Unknown("optin")]),
    ("handover", event(pass_thread_control={"new_owner_app_id": "1"}), [Unknown("pass_thread_control")]),
    ("account linking", event(account_linking={"status": "linked"}), [Unknown("account_linking")]),
    ("nothing at all", event(), [Unknown("unreadable")]),
]


@pytest.mark.parametrize("case", [*MESSAGES, *CHANGES], ids=lambda case: case[0])
@pytest.mark.parametrize("about", ["page", "instagram"])
def test_event(about: str, case: tuple[str, dict[str, Any], Sequence[Happening]]) -> None:
    _, told, expected = case
    found = (messenger if about == "page" else instagram).items(body(told, about=about))
    assert [item.happening for item in found] == list(expected)
    assert all(item.account_key == PAGE and item.raw == told for item in found)
    for item in found:
        if isinstance(item.happening, Inbound) and item.happening.type != "file":
            assert checked_content(item.happening.type, item.happening.content) == item.happening.content


def test_an_old_button_has_an_id_of_its_time_and_payload() -> None:
    pressed = event(postback={"title": "Hello", "payload": "p"})
    (first,), (again,) = messenger.items(body(pressed)), messenger.items(body(pressed))
    (later,) = messenger.items(body({**pressed, "timestamp": TIME + 1}))
    assert isinstance(first.happening, Inbound)
    assert isinstance(later.happening, Inbound)
    assert first == again
    assert first.happening.external_id.startswith(f"postback.{TIME}.")
    assert first.happening.external_id != later.happening.external_id


def test_many_entries_and_events_keep_their_order_and_accounts() -> None:
    one, two = message(text="1"), message(text="2")
    document = {"object": "page", "entry": [{"id": "1", "messaging": [one, two]}, {"id": "2", "messaging": [two]}]}
    found = messenger.items(document)
    assert [(item.account_key, item.raw) for item in found] == [("1", one), ("1", two), ("2", two)]
    assert len({item.name for item in found}) == 3


def test_names_are_the_same_when_told_again_at_another_time() -> None:
    told = message(attachments=[attachment("image", url=URL), attachment("video", url=URL)])
    first, again = body(told), body(told)
    again["entry"][0]["time"] += 5_000
    assert [item.name for item in messenger.items(first)] == [item.name for item in messenger.items(again)]


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        ({"object": "page", "entry": [{"id": PAGE, "standby": [message(text="hi")]}]}, ["standby"]),
        ({"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed", "value": {}}]}]}, ["feed"]),
        ({"object": "page", "entry": [{"id": PAGE, "field": "comments", "value": {}}]}, ["comments"]),
        ({"object": "page", "entry": [{"id": PAGE}]}, ["unreadable"]),
        ({"object": "page", "entry": [7]}, ["unreadable"]),
        ({"object": "page", "entry": []}, ["no_entry"]),
        ({"object": "instagram", "entry": [{"id": PAGE, "messaging": [message(text="hi")]}]}, ["other_object"]),
        ([], ["other_object"]),
        (body(7, None, {"message": 7}, {"message": {"mid": "m1"}}), ["unreadable"] * 4),
        (body({**message(text="hi"), "sender": {"user_ref": "x"}}), ["unreadable"]),
        (body(event(message={"mid": "\ud800", "text": "hi"})), ["unreadable"]),
        (body(event(message={"mid": "m" * 513, "text": "hi"})), ["unreadable"]),
        (body(event(delivery={"watermark": True})), ["unreadable"]),
        (body(event(über=1)), ["unreadable"]),
    ],
)
def test_what_is_not_understood_is_kept(document: Any, kinds: list[str]) -> None:
    found = messenger.items(document)
    assert [item.happening for item in found] == [Unknown(kind) for kind in kinds]
    assert all(json.dumps(item.raw) in json.dumps(document) for item in found)


def test_what_is_nested_without_end_is_counted() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    (item,) = messenger.items(body(event(optin=deep)))
    assert item.happening == Unknown("optin")
    assert item.raw is None
    while deep:  # unwound by hand: its destructor would recurse
        deep = deep[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
_FIELDS = (
    *("mid", "text", "attachments", "is_echo", "is_deleted", "is_unsupported", "reply_to", "quick_reply", "referral"),
    *("type", "payload", "url", "title", "coordinates", "lat", "long", "elements", "product", "story", "sticker_id"),
    *("action", "emoji", "reaction", "watermark", "mids", "id", "sender", "recipient", "timestamp", "message"),
    *("postback", "message_edit", "delivery", "read", "ig_post_media_id"),
)
WORDS = st.sampled_from(("image", "share", "ig_post", "template", "location", "story_mention", "react", PERSON, "m1"))
ALIKE = st.recursive(
    JSON | WORDS | st.just(TIME),
    lambda inner: st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=25,
)


@settings(deadline=None)
@given(told=ALIKE, entry=st.sampled_from(["messaging", "changes", "standby", "field"]))
def test_nothing_that_is_json_raises(told: Any, entry: str) -> None:
    for document in (
        told,
        {"object": "page", "entry": told},
        {"object": "page", "entry": [{"id": PAGE, entry: [told]}]},
    ):
        _check(messenger.items(document))


@settings(deadline=None)
@given(
    told=st.fixed_dictionaries(
        {"sender": st.just({"id": PERSON}), "recipient": st.just({"id": PAGE}), "timestamp": st.just(TIME)},
        optional=dict.fromkeys(("message", "postback", "message_edit", "reaction", "delivery", "read"), ALIKE),
    )
)
def test_nothing_that_looks_like_an_event_raises(told: Any) -> None:
    _check(messenger.items(body(told)))


def _check(found: Sequence[Item]) -> None:
    assert found
    for item in found:
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", item.name)
        if isinstance(item.happening, Inbound):
            item.happening.external_id.encode()
            assert item.happening.contact.address
