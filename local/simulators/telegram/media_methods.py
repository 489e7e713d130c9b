"""Methods of the Bot API that send files, and getFile (core.telegram.org/bots/api#sendphoto and following)."""

import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from local.simulators.telegram.errors import bad_request
from local.simulators.telegram.file_store import file_id
from local.simulators.telegram.media import KINDS
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.sending import Sending
from local.simulators.telegram.storage import Row
from local.simulators.telegram.texts import caption
from local.simulators.telegram.uploads import Uploads

DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024
_NUMBERS = ("duration", "width", "height", "length")
_TEXTS = ("title", "performer", "emoji")
_IN_ALBUM = ("photo", "video", "audio", "document")
_NO_CAPTION = ("sticker", "video_note")


class MediaMethods:
    """sendPhoto and its like, sendMediaGroup, getFile."""

    def __init__(self, sending: Sending, uploads: Uploads) -> None:
        self._sending = sending
        self._uploads = uploads
        self._files = sending.chats.storage.files

    def table(self) -> dict[str, Callable[[Row, Parameters], Awaitable[Any]]]:
        """By name in lower case."""
        named = {f"send{kind.replace('_', '')}": partial(self.send, kind) for kind in KINDS}
        return {**named, "sendmediagroup": self.send_media_group, "getfile": self.get_file}

    async def send(self, kind: str, bot: Row, parameters: Parameters) -> Any:
        self._sending.chat(bot, parameters)  # Refused before the file is looked at.
        content = {} if kind in _NO_CAPTION else caption(parameters)
        content |= await self._media(bot, parameters, kind)
        return self._sending.say(bot, parameters, content)

    async def _media(self, bot: Row, parameters: Parameters, kind: str) -> dict[str, Any]:
        media = await self._uploads.media(bot, parameters, kind, kind, _details(parameters))
        flags = ("has_media_spoiler", "show_caption_above_media")
        asked = {"has_media_spoiler": "has_spoiler"}
        return {"media": media} | {name: True for name in flags if parameters.flag(asked.get(name, name))}

    async def send_media_group(self, bot: Row, parameters: Parameters) -> Any:
        """2 to 10 items; documents and audio only among themselves."""
        chat = self._sending.chat(bot, parameters)
        items = [Parameters(item) for item in parameters.document("media", list) or () if isinstance(item, dict)]
        if not 2 <= len(items) <= 10:
            raise bad_request("there must be from 2 to 10 media files in the album")
        kinds = {item.text("type") for item in items}
        if not kinds <= set(_IN_ALBUM):
            raise bad_request("media group can't contain such a type of media")
        if len(kinds) > 1 and kinds & {"audio", "document"}:
            raise bad_request("audio and document can't be mixed with other media types in an album")
        album = str(10**16 + secrets.randbelow(9 * 10**16))
        contents = []
        for item in items:
            media = await self._uploads.named(bot, parameters, item.text("type"), item.text("media"), _details(item))
            contents.append({"media": media, "media_group_id": album} | caption(item))
        reply_to = self._sending.reply_to(chat, parameters)
        self._sending.limit(chat, len(contents))
        return [self._sending.chats.bot_says(chat, content, reply_to) for content in contents]

    async def get_file(self, bot: Row, parameters: Parameters) -> Any:
        """`file_path` goes behind /file/bot<token>/; at most 20 MB."""
        found = self._files.of_file_id(bot["id"], parameters.text("file_id"))
        if found is None:
            raise bad_request("invalid file_id")
        kind, row = found
        if row["size"] > DOWNLOAD_MAX_BYTES:
            raise bad_request("file is too big")
        return {
            "file_id": file_id(bot["id"], kind, row["id"]),
            "file_unique_id": row["id"],
            "file_size": row["size"],
            "file_path": row["path"],
        }


def _details(parameters: Parameters) -> dict[str, Any]:
    numbers = {name: parameters.integer(name) for name in _NUMBERS if parameters.has(name)}
    return numbers | {name: parameters.text(name) for name in _TEXTS if parameters.text(name)}
