"""Cursors come back as they were given, and nothing else is taken for one."""

import pytest

from chat4all.errors import Invalid
from chat4all.pages import PageParameters, decode_cursor, encode_cursor
from chat4all.validation import validate


def test_a_cursor_comes_back() -> None:
    assert decode_cursor(encode_cursor([123, "x"]), (int, str)) == [123, "x"]


GOOD = encode_cursor([123, "x"])


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "ÿ",
        "bnVsbA",
        "e30",
        "WzFd",
        encode_cursor([1]),
        encode_cursor(["x", 1]),
        GOOD[:-2],
        GOOD[:-3] + "AAA",
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_cursor(cursor, (int, str))
    assert caught.value.code == "invalid_cursor"


def test_a_cursor_belongs_to_one_list() -> None:
    cursor = encode_cursor([5], "messages:a")
    assert decode_cursor(cursor, (int,), "messages:a") == [5]
    for scope in ("messages:b", "members:a", ""):
        with pytest.raises(Invalid):
            decode_cursor(cursor, (int,), scope)


@pytest.mark.parametrize(
    ("parameters", "pointer"), [({"limit": "0"}, "?limit"), ({"limit": "x"}, "?limit"), ({"page": "2"}, "?page")]
)
def test_wrong_parameters_are_named(parameters: dict[str, str], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(PageParameters, parameters, prefix="?")
    assert caught.value.errors[0].pointer == pointer
