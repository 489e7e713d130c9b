"""Pages of lists: `limit` and an opaque `cursor`, answered as {"items": [...], "next_cursor": ...}."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable
from itertools import accumulate
from typing import Annotated, Any

from pydantic import Field

from chat4all.errors import Invalid
from chat4all.validation import Parameters

Limit = Annotated[int, Field(ge=1, le=100)]


class PageParameters(Parameters):
    """Query parameters of every list."""

    limit: Limit = 50
    cursor: Annotated[str, Field(json_schema_extra={"minLength": 1})] | None = None


BYTES_MAX = 3_000_000
"""Of the texts of a page. An answer of a function may have 6 MB (Lambda quotas), with quotes escaped and all that is around."""


def fitting(sizes: Iterable[int]) -> int:
    """How many of the first texts of these sizes go into one page: one at least."""
    count = 0
    for count, total in enumerate(accumulate(sizes), start=1):
        if total > BYTES_MAX:
            return max(count - 1, 1)
    return count


def encode_cursor(position: list[Any], scope: str = "") -> str:
    """A position (a list of JSON numbers and texts) as the text that a client hands back; `scope` names the list it belongs to.

    It is no secret and grants nothing: each read asks anew what the caller may see. Its checksum tells a cursor of this list
    from one of another list or conversation, and from one that was cut off or changed.
    """
    text = json.dumps([_check(position, scope), *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: tuple[type, ...], scope: str = "") -> list[Any]:
    """The position in `cursor`: a list with one value of each of `kinds`.

    Raises:
        Invalid: code `invalid_cursor`.
    """
    position: list[Any]
    try:
        check, *position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        check, position = None, []
    if [type(value) for value in position] != list(kinds) or not _is_sane(position) or check != _check(position, scope):
        raise Invalid.at("?cursor", "is not a cursor of this list", "invalid_cursor")
    return position


def _check(position: list[Any], scope: str) -> str:
    return f"{zlib.crc32(json.dumps([scope, *position]).encode()):08x}"


def _is_sane(position: list[Any]) -> bool:
    """Numbers and texts of the size that cursors hold: what DynamoDB takes as part of a key."""
    return all(0 <= v < 2**53 if isinstance(v, int) else 0 < len(v) <= 100 and v.isascii() for v in position)


def page(items: list[dict[str, Any]], next_cursor: str | None) -> dict[str, Any]:
    """The answer."""
    return {"items": items, "next_cursor": next_cursor}
