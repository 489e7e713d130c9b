"""Files on their way to a channel: facts, bytes and links for connectors and for the `send.py` of channels."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chat4all.channels.fates import NotSent, Permanent, TryAgain
from chat4all.channels.outgoing import OutgoingFile
from chat4all.errors import Unavailable
from chat4all.file_bucket import ByteStream, FileBucket, FileGone
from chat4all.stores.files import COMPLETED, FAILED, File, find_file

_DELETED = "file_deleted: the file is not there any more"


class MediaStore:
    """Of one deployment; made once for an environment. `public_url` is the base of the links that people get."""

    def __init__(self, bucket: FileBucket, public_url: str, fetch_url_s: int) -> None:
        self._bucket = bucket
        self._public_url = public_url
        self._fetch_url_s = fetch_url_s

    def outgoing(self, facts: Mapping[str, Any]) -> OutgoingFile:
        """A file of a message (`message.file` of DeliveryRequested), as it is now; `gone` where it never came or was deleted.

        What was deleted is as the message shows it, so that the message is cut as before.

        Raises:
            NotSent: TryAgain while its bytes are still on their way to us (`file_pending`).
        """
        file = find_file(str(facts["file_id"]))
        if file is None:
            kind, name, content_type = str(facts["kind"]), str(facts["filename"]), str(facts["content_type"])
            return OutgoingFile(str(facts["file_id"]), kind, name, content_type, int(facts.get("size") or 0), _DELETED)
        found = OutgoingFile(file.file_id, file.kind, file.filename, file.content_type, int(file.size or 0))
        if file.status == FAILED:
            return replace(found, gone=file.reason or "file_failed: the file never came")
        if file.status != COMPLETED:
            raise NotSent(TryAgain("file_pending: the file is still on its way to us"))
        return found

    def link(self, file: OutgoingFile) -> str:
        """Where the provider's servers fetch the bytes: a presigned URL of S3, good for `file_fetch_url_s`. For machines only."""
        return self._bucket.url(file.file_id, file.filename, file.content_type, self._fetch_url_s)

    def share_link(self, file: OutgoingFile) -> str:
        """Where a person finds the file: the link of a LinkPart. It works as long as the file stands in a message.

        Raises:
            NotSent: the file was deleted.
        """
        item = _shared(file.file_id)
        return f"{self._public_url}/files/{item.file_id}/{item.share_token}"

    def open(self, file: OutgoingFile) -> ByteStream:
        """The bytes, for an upload: `read(size)`, and `close()`.

        Raises:
            NotSent: deleted, or S3 does not answer. So does `read`.
        """
        try:
            return _Reading(self._bucket.open(file.file_id))
        except FileGone as error:
            raise NotSent(Permanent(_DELETED)) from error
        except Unavailable as error:
            raise NotSent(TryAgain(f"storage: {error.detail}")) from error


class _Reading:
    """A stream of S3's, whose troubles are told as fates."""

    def __init__(self, body: ByteStream) -> None:
        self._body = body

    def read(self, size: int = -1, /) -> bytes:
        from botocore.exceptions import BotoCoreError, HTTPClientError

        try:
            return self._body.read(size) if size >= 0 else self._body.read()
        except (OSError, BotoCoreError, HTTPClientError) as error:
            reason = f"storage: the file could not be read to its end: {type(error).__name__}"
            raise NotSent(TryAgain(reason)) from error

    def close(self) -> None:
        self._body.close()


def _shared(file_id: str) -> File:
    """The file's item, with a token; two that make one at once get the same."""
    item = find_file(file_id)
    if item is None:
        raise NotSent(Permanent(_DELETED))
    if item.share_token is None:
        made = File.share_token.set(File.share_token | secrets.token_urlsafe(16))
        item.update([made], condition=File.file_id.exists())
    return item
