"""Downloads: addresses of S3 for who may read a file, and for who has the link that a channel's text carries."""

import hmac
from typing import Any

from chat4all import file_access
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.media_types import served_type
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
        return addresses | facts

    def shown(self, file_id: str, token: str) -> dict[str, Any]:
        """{filename, content_type, size, thumbnail_url} of the file behind a link that a channel's text carries.

        Raises:
            NotFound: as `shared`.
        """
        file = _opened(file_id, token)
        has_thumbnail = bool(file.thumbnail_type)
        return {
            "filename": file.filename,
            "content_type": file.content_type,
            "size": int(file.size or 0),
            "thumbnail_url": self._bucket.thumbnail_url(file_id, self._settings.file_url_s) if has_thumbnail else None,
        }

    def shared(self, file_id: str, token: str, *, method: str = "GET", to_save: bool = False) -> str:
        """The address of the bytes behind such a link, good for `method` alone: it is signed too (SigV4, canonical request).

        Args:
            to_save: offered for saving, also what a browser could show.

        Raises:
            NotFound: no file, another token, or no message shows the file any more.
        """
        return self._url(_opened(file_id, token), method=method, to_save=to_save)

    def origin(self) -> str:
        """Origin of the addresses."""
        return self._bucket.origin()

    def _url(self, file: File, *, method: str = "GET", to_save: bool = False) -> str:
        served = served_type(file.content_type)
        expires_s = self._settings.file_url_s
        return self._bucket.url(file.file_id, file.filename, served, expires_s, method=method, to_save=to_save)


def _opened(file_id: str, token: str) -> File:
    file = find_file(file_id)
    expected = file.share_token if file is not None else None
    is_open = hmac.compare_digest((expected or "").encode(), token.encode(errors="replace")) and bool(expected)
    if file is None or not is_open or file.status != COMPLETED or not file_access.is_shown(file_id):
        raise NotFound("No such file")
    return file
