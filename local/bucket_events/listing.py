"""The objects of a bucket, page by page: ListObjectsV2."""

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import unquote_plus
from xml.etree import ElementTree

from local.object_change import ObjectState
from local.signed_requests import s3


async def objects(url: str, region: str, bucket: str, prefix: str) -> AsyncIterator[tuple[str, ObjectState]]:
    """(key, state) of those whose keys begin so. Raises EngineRefused."""
    query = {"list-type": "2", "encoding-type": "url", "prefix": prefix}
    while True:
        root = ElementTree.fromstring(await s3(url, region, bucket, query))  # noqa: S314 (from the stack's own engine)
        for found in root.iterfind("{*}Contents"):
            yield unquote_plus(_text(found, "Key")), _state(found)
        token = _text(root, "NextContinuationToken")
        if not token:
            return
        query["continuation-token"] = token


def _state(found: ElementTree.Element) -> ObjectState:
    modified = datetime.fromisoformat(_text(found, "LastModified"))
    return ObjectState(_text(found, "ETag").strip('"'), int(_text(found, "Size") or 0), int(modified.timestamp()))


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""
