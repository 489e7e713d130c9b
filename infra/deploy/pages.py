"""Puts the web pages where CloudFront finds them: as the function `pages` answers them, in the stack's bucket."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chat4all.http.static_files import ASKED_AGAIN, KEPT, StaticFiles
from chat4all.web_pages import FILES, PAGES, SETTINGS, page_settings, sign_in_addresses

SITE = Path(__file__).parents[2] / "functions" / "pages" / "site"
_OLD = timedelta(days=30)
"""So long the files of an earlier version stay, for tabs that were opened before a deployment."""


@dataclass(frozen=True, slots=True)
class Published:
    """One object of the bucket; its key is the path, without the first slash."""

    key: str
    body: bytes
    content_type: str
    cache_control: str


def objects(site: StaticFiles, outputs: dict[str, str]) -> Iterator[Published]:
    """What a distribution serves, in the order to put it: a page comes after what it loads."""
    for name, file in site.files.items():
        if not name.endswith(".html"):
            yield Published(_key(f"{FILES}{site.version}/{name}"), file.body, file.content_type, KEPT)
    providers = [name for name in outputs.get("SignInProviders", "").split(",") if name]
    sign_in = sign_in_addresses(providers, outputs.get("PublicUrl", ""))
    settings = page_settings(outputs["PagesUrl"], outputs["WebSocketApiUrl"], sign_in)
    told = json.dumps(settings, separators=(",", ":")).encode()
    yield Published(_key(FILES + SETTINGS), told, "application/json", ASKED_AGAIN)
    for path, name in PAGES.items():
        page = site.files[name]
        yield Published(_key(path), page.body, page.content_type, ASKED_AGAIN)


def publish(s3: Any, bucket: str, site: StaticFiles, outputs: dict[str, str], now: datetime) -> int:
    """Make the bucket what the site is now; how many objects were put. The same again is safe, also when it was broken off.

    Args:
        s3: client of the bucket's region.
        outputs: of the stack; `PagesUrl`, `WebSocketApiUrl`, and, where people sign in by providers, `SignInProviders` and
            `PublicUrl` are looked at.
        now: with time zone.

    Raises:
        botocore.exceptions.ClientError: S3 refused.
    """
    put = set()
    for each in objects(site, outputs):
        s3.put_object(
            Bucket=bucket, Key=each.key, Body=each.body, ContentType=each.content_type, CacheControl=each.cache_control
        )
        put.add(each.key)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", []):
            if found["Key"] not in put and now - found["LastModified"] > _OLD:
                s3.delete_object(Bucket=bucket, Key=found["Key"])
    return len(put)


def _key(path: str) -> str:
    return path.removeprefix("/")
