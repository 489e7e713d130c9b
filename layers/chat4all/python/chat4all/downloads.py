"""Downloads: addresses of S3 for who may read a file, and for who has the link that a channel's text carries."""

import hmac
from typing import Any

from chat4all import file_access
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.errors import NotFound
from chat4all.file_bucket import FileBucket
from chat4all.stores.files import COMPLETED, File, find_file


class Downloads:
    """Signs addresses; the bytes never pass here. Who may not read a file learns nothing (404)."""

    def __init__(self, settings: Settings, bucket: FileBucket) -> None:
        self._settings = settings
        self._bucket = bucket

    def presigned(self, user_id: str, file_id: str) -> dict[str, Any]:
        """{url, thumbnail_url?, expires_at} and what the file is: addresses of S3 for whoever has them, with Range.

        Raises:
            NotFound. Conflict: `file_pending`, `file_failed`.
        """
        file = file_access.readable(user_id, file_id)
        file_access.check_completed(file)
        expires_s = self._settings.file_url_s
        addresses = {"url": self._url(file), "expires_at": rfc3339(now_ms() + 1000 * expires_s)}
        if file.thumbnail_type is not None:
            addresses["thumbnail_url"] = self._bucket.thumbnail_url(file.file_id, expires_s)
        facts = {name: value for name, value in file_access.facts(file).items() if name != "status"}
        return addresses | facts | image_of(file)

    def shared(self, file_id: str, token: str) -> str:
        """The address behind a link that a channel's text carries; raises NotFound, also when its messages are unsent."""
        file = find_file(file_id)
        expected = file.share_token if file is not None else None
        is_open = hmac.compare_digest((expected or "").encode(), token.encode(errors="replace")) and bool(expected)
        if file is None or not is_open or file.status != COMPLETED or not file_access.is_shown(file_id):
            raise NotFound("No such file")
        return self._url(file)

    def _url(self, file: File) -> str:
        return self._bucket.url(file.file_id, file.filename, file.content_type, self._settings.file_url_s)


def image_of(file: File) -> dict[str, Any]:
    """{image: {width, height}} of an image that has been measured: pixels as it is seen."""
    return {"image": {"width": int(file.width), "height": int(file.height)}} if file.width else {}
