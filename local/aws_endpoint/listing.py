"""Pages of the Lambda API's lists: MaxItems and Marker in the query, NextMarker in the answer."""

from collections.abc import Mapping
from typing import Any

from local.aws_endpoint.errors import AwsError


def listing_page(
    query: Mapping[str, str], member: str, found: Mapping[str, Any], *, default: int, most: int
) -> dict[str, Any]:
    """A page of what was found by key; the marker is the key of the last item of the page before.

    Raises AwsError for a MaxItems or a Marker that no earlier page has given.
    """
    size, marker = _page_size(query.get("MaxItems"), default, most), query.get("Marker")
    keys = list(found)
    if marker and marker not in found:
        raise AwsError(400, "InvalidParameterValueException", "Invalid pagination token: Marker")
    begin = keys.index(marker) + 1 if marker else 0
    shown = keys[begin : begin + size]
    more = {"NextMarker": shown[-1]} if begin + size < len(keys) else {}
    return {member: [found[key] for key in shown], **more}


def _page_size(given: str | None, default: int, most: int) -> int:
    if given is None:
        return default
    if not given.isdecimal() or not 1 <= int(given) <= 10_000:
        text = (
            f"1 validation error detected: Value '{given}' at 'maxItems' failed to satisfy constraint: "
            "Member must have value between 1 and 10000"
        )
        raise AwsError(400, "InvalidParameterValueException", text)
    return min(int(given), most)
