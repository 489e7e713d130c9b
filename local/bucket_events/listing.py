"""The objects of a bucket, page by page: ListObjectsV2."""

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import unquote_plus
from xml.etree import ElementTree

from local.object_change import ObjectState
from local.s3_answers import read_answer, text_of
from local.signed_requests import s3


async def objects(url: str, region: str, bucket: str, prefix: str) -> AsyncIterator[tuple[str, ObjectState]]:
    """(key, state) of those whose keys begin so. Raises EngineRefused."""
    query = {"list-type": "2", "encoding-type": "url", "prefix": prefix}
    while True:
        root = read_answer(await s3(url, region, bucket, query))
        for found in root.iterfind("{*}Contents"):
            yield unquote_plus(text_of(found, "Key")), _state(found)
        token = text_of(root, "NextContinuationToken")
        if not token:
            return
        query["continuation-token"] = token


def _state(found: ElementTree.Element) -> ObjectState:
    modified = datetime.fromisoformat(text_of(found, "LastModified"))
    return ObjectState(text_of(found, "ETag").strip('"'), int(text_of(found, "Size") or 0), int(modified.timestamp()))
