"""What each update of Telegram's becomes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat4all.channels.inbound import Item, Unknown
from chat4all.channels.telegram.parse import items
from tests.unit.channels.channel_cases import Case, cases_of, run_case, shown

CASES = cases_of("telegram")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_update(case: Case) -> None:
    run_case(case, items)


@pytest.mark.parametrize(
    "document", [None, [], {}, "x", {"update_id": "x"}, {"update_id": True}, {"update_id": 10**30}]
)
def test_what_is_no_update_tells_nothing(document: Any) -> None:
    assert items(document) == ()


def test_what_is_kept_is_named_by_its_update() -> None:
    update = {"update_id": 42, "poll": {"id": "1"}}
    assert items(update) == (Item(Unknown("poll"), update, "42"),)


def test_custom_reactions_are_kept_beside_the_others() -> None:
    reaction = next(case["payload"] for case in CASES if case["name"] == "custom reaction beside an emoji")
    assert [item.name for item in items(reaction)] == ["7", "7-custom"]


def test_a_pressed_button_is_answered_in_our_200() -> None:
    pressed = next(case["payload"] for case in CASES if case["name"] == "button of an old message")
    (item,) = items(pressed)
    assert item.answer == {"method": "answerCallbackQuery", "callback_query_id": "4382"}


def test_kinds_are_few_and_short() -> None:
    (item,) = items({"update_id": 1, "Not A Field " * 50: {}})
    assert item.happening == Unknown("unknown")


# --- anything at all

_FIELDS = sorted(
    {
        *(
            "update_id",
            "message",
            "edited_message",
            "message_reaction",
            "callback_query",
            "my_chat_member",
            "from",
            "chat",
        ),
        *("id", "type", "text", "caption", "photo", "sticker", "voice", "video_note", "file_id", "file_size", "width"),
        *("height", "location", "latitude", "longitude", "venue", "contact", "dice", "emoji", "value", "entities"),
        *(
            "caption_entities",
            "offset",
            "length",
            "url",
            "reply_to_message",
            "message_id",
            "new_reaction",
            "user",
            "data",
        ),
        *(
            "forward_origin",
            "date",
            "quote",
            "external_reply",
            "origin",
            "media_group_id",
            "migrate_to_chat_id",
            "is_video",
        ),
        *("reply_markup", "inline_keyboard", "callback_data", "first_name", "sender_chat", "title", "mime_type"),
    }
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_WORDS = st.sampled_from(["private", "group", "channel", "emoji", "text_link", "kicked", "7", "-100123"])
_UGLY = st.sampled_from(["\ud800", 10**40, -1, 10**18, float("nan"), "9" * 5000, "x" * 5000])
_JSON = st.recursive(
    _LEAVES | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=8),
    max_leaves=30,
)


@settings(deadline=None)
@given(_JSON)
def test_nothing_raises(document: Any) -> None:
    items(document)


@settings(deadline=None)
@given(st.sampled_from([case["payload"] for case in CASES]), st.data())
def test_nothing_raises_when_something_of_an_update_is_another_thing(
    update: dict[str, Any], data: st.DataObject
) -> None:
    places = list(_places(update))
    path = data.draw(st.sampled_from(places))
    for item in items(_replaced(update, path, data.draw(_JSON | _UGLY))):
        assert item.name.replace("-", "").isalnum()
        happening = shown(item.happening)
        happening.pop("content", None)  # is checked where messages are sent
        assert all(isinstance(value, bool | float) or _can_be_stored(value) for value in _leaves(happening))


def _can_be_stored(value: Any) -> bool:
    """In UTF-8, and with the 38 digits of DynamoDB."""
    return bool(value.encode() is not None) if isinstance(value, str) else abs(value) < 10**25


def _leaves(value: Any) -> Any:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        yield value
    else:
        for child in inner:
            yield from _leaves(child)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _places(child, (*path, key))


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:], new)
    return copy
