"""Payloads as nobody should send them: any JSON, and real payloads in which something is another thing."""

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

_WORDS = (  # noqa: SIM905
    "update_id message edited_message message_reaction callback_query my_chat_member from chat id type text caption photo "
    "sticker voice video_note file_id file_size width height location latitude longitude venue contact dice emoji value "
    "entities caption_entities offset length url reply_to_message message_id new_reaction user data forward_origin date quote "
    "external_reply origin media_group_id migrate_to_chat_id reply_markup inline_keyboard first_name sender_chat title "
    "private group channel text_link kicked"
).split()
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(_WORDS)
_UGLY = st.sampled_from(["\ud800", "7", 10**40, -1, 10**18, float("nan"), "9" * 5000, "x" * 5000])
ANYTHING = st.recursive(
    _LEAVES | _UGLY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=8),
    max_leaves=30,
)


@st.composite
def hostile(draw: st.DrawFn, payloads: Sequence[Any]) -> Any:
    """One of the payloads, in which one place, at random, has anything."""
    payload = draw(st.sampled_from(payloads))
    return _replaced(payload, draw(st.sampled_from(list(_places(payload)))), draw(ANYTHING))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
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
