"""What SeaweedFS tells of the files behind its objects: how it is asked to, and what it says.

Its filer posts each change as JSON {event_type, key, message: filer_pb.EventNotification} (weed/notification/webhook and
weed/pb/filer.proto of version 4.48), soon after it has answered; what it has not posted when it is killed, it forgets.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.object_change import ObjectChange, ObjectState

_BUCKETS = "/buckets/"
_COMPLETED_UPLOAD = 0o770
"""Mode of files that CompleteMultipartUpload makes; of others, copies of such files included, it is 0660."""


@dataclass(frozen=True, slots=True)
class ChangeListener:
    """Who is told of changes."""

    url: str
    token: str
    """Bearer token of each post."""
    prefixes: tuple[tuple[str, str], ...]
    """(bucket, beginning of its keys): changes of other objects are not told."""

    def configuration(self) -> str:
        """Text of `notification.toml`."""
        paths = [f"{_BUCKETS}{bucket}/{prefix}" for bucket, prefix in self.prefixes]
        lines = [
            "[notification.webhook]",
            "enabled = true",
            f"endpoint = {json.dumps(self.url)}",
            f"bearer_token = {json.dumps(self.token)}",
            f"path_prefixes = {json.dumps(paths, ensure_ascii=False)}",
            "timeout_seconds = 10",
            "max_retries = 3",
            "backoff_seconds = 1",
            "workers = 1",
        ]
        return "\n".join(lines) + "\n"


def change_of(posted: Mapping[str, Any], now: datetime) -> ObjectChange | None:
    """What became of an object; None where only its tags changed, or for a folder that no object is named after.

    Raises AttributeError, KeyError, TypeError or ValueError for what cannot be read.
    """
    message = posted["message"]
    old, new = message.get("old_entry"), message.get("new_entry")
    bucket, _, key = posted["key"].removeprefix(_BUCKETS).partition("/")
    entry = new or old
    if entry.get("is_directory"):
        if not entry.get("attributes", {}).get("mime"):
            return None
        key += "/"
    if new is None:
        return ObjectChange(bucket, key, "ObjectRemoved:Delete", now)
    if old is not None and _content(old) == _content(new) and old.get("extended") != new.get("extended"):
        return None
    attributes = new["attributes"]
    multipart = attributes.get("file_mode", 0) & 0o777 == _COMPLETED_UPLOAD
    event = "ObjectCreated:CompleteMultipartUpload" if multipart else "ObjectCreated:Put"
    modified = int(attributes.get("mtime", 0))
    state = ObjectState(_etag(new), int(attributes.get("file_size", 0)), modified)
    return ObjectChange(bucket, key, event, now, state)


def _content(entry: Mapping[str, Any]) -> tuple[object, ...]:
    attributes = entry.get("attributes", {})
    return attributes.get("mtime"), attributes.get("file_size"), list(_pieces(entry.get("chunks") or ()))


def _pieces(chunks: Iterable[Mapping[str, Any]]) -> Iterable[tuple[object, ...]]:
    for chunk in chunks:
        where = chunk.get("fid", {})
        yield where.get("volume_id"), where.get("file_key"), where.get("cookie")


def _etag(entry: Mapping[str, Any]) -> str:
    told = (entry.get("extended") or {}).get("Seaweed-X-Amz-ETag")
    if told:
        return base64.b64decode(told).decode()
    return base64.b64decode(entry["attributes"].get("md5", "")).hex()
