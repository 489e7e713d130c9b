"""What each update of Telegram's becomes."""

from typing import Any

import pytest
from hypothesis import given, settings

from chat4all.channels.inbound import Item, Unknown
from chat4all.channels.telegram.parse import items
from tests.unit.channels.channel_cases import Case, cases_of, run_case, shown
from tests.unit.channels.hostile import ANYTHING, hostile

CASES = cases_of("telegram")
UPDATES = [case["payload"] for case in CASES]


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


@settings(deadline=None)
@given(ANYTHING)
def test_nothing_raises(document: Any) -> None:
    items(document)


@settings(deadline=None)
@given(hostile(UPDATES))
def test_nothing_raises_when_something_of_an_update_is_another_thing(update: Any) -> None:
    for item in items(update):
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
