"""Files in a call: uploaded, by URL, or by file_id (core.telegram.org/bots/api#sending-files)."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import aiohttp
from yarl import URL

from local.simulators.telegram.errors import BotApiError, bad_request
from local.simulators.telegram.file_store import FileStore
from local.simulators.telegram.images import PhotoRefusedError
from local.simulators.telegram.media import make_media, sniffed
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.storage import Row

UPLOAD_MAX_BYTES = 50 * 1024 * 1024
_URL_MAX_BYTES = {"photo": 5 * 1024 * 1024}
_URL_MAX_OTHERS = 20 * 1024 * 1024
_FETCH_S = 20.0
_WRONG = "wrong file identifier/HTTP URL specified"
# What each kind may be when it is sent by URL; a document: only GIF, PDF and ZIP.
_BY_URL = {
    "photo": ("image/jpeg", "image/png", "image/gif", "image/webp"),
    "document": ("image/gif", "application/pdf", "application/zip"),
    "video": ("video/mp4",),
    "animation": ("image/gif", "video/mp4"),
    "audio": ("audio/mpeg", "audio/mp4"),
    "voice": ("audio/ogg", "audio/mpeg", "audio/mp4"),
    "sticker": ("image/webp",),
}


class Uploads:
    """Turns what a call names into media (`media.py`). `session` gives the client that fetches URLs."""

    def __init__(self, files: FileStore, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._files = files
        self._session = session

    async def media(self, bot: Row, parameters: Parameters, kind: str, field: str, details: Row) -> dict[str, Any]:
        """The media in a field of the call; raises BotApiError."""
        if (upload := parameters.upload(field)) is not None:
            return self._made(kind, *upload, details)
        return await self.named(bot, parameters, kind, parameters.text(field), details)

    async def named(self, bot: Row, parameters: Parameters, kind: str, source: str, details: Row) -> dict[str, Any]:
        """As `media`, of `attach://<field>`, a URL or a file_id."""
        if not source:
            raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
        if source.startswith("attach://"):
            upload = parameters.upload(source.removeprefix("attach://"))
            if upload is None:
                raise bad_request("wrong file_id or the file is temporarily unavailable")
            return self._made(kind, *upload, details)
        if source.startswith(("http://", "https://")):
            if kind == "video_note":
                raise bad_request("VIDEO_NOTE_URL_INVALID")
            return self._made(kind, *await self._fetched(kind, source), details)
        found = self._files.of_file_id(bot["id"], source)
        if found is None:
            raise bad_request(_WRONG)
        if found[0] != kind:
            raise bad_request(f"can't use file of type {_type(found[0])} as {_type(kind)}")
        return dict(found[1]["media"])

    def _made(self, kind: str, data: bytes, name: str, details: Row) -> dict[str, Any]:
        if not data:
            raise bad_request("file must be non-empty")
        if len(data) > UPLOAD_MAX_BYTES:
            raise BotApiError(413, "Request Entity Too Large")
        try:
            return make_media(self._files, kind, data, name, details)
        except PhotoRefusedError as error:
            raise bad_request(str(error)) from None

    async def _fetched(self, kind: str, source: str) -> tuple[bytes, str]:
        most = _URL_MAX_BYTES.get(kind, _URL_MAX_OTHERS)
        try:
            url = URL(source)
            async with self._session().get(url, timeout=aiohttp.ClientTimeout(total=_FETCH_S)) as response:
                if response.status != 200:
                    raise bad_request("failed to get HTTP URL content")
                data = await response.content.read(most + 1)
                while len(data) <= most and (more := await response.content.read(most + 1 - len(data))):
                    data += more
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise bad_request(_WRONG) from None
        if len(data) > most:
            raise bad_request("failed to get HTTP URL content")
        if sniffed(data) not in _BY_URL[kind]:
            raise bad_request("wrong type of the web page content")
        return data, PurePosixPath(url.path).name


def _type(kind: str) -> str:
    return {"voice": "VoiceNote", "video_note": "VideoNote"}.get(kind, kind.capitalize())
