"""What we do on Telegram: send parts, change and mark what was sent, fetch files."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, TelegramError

from chat4all.channels.channel import Fetched, Target
from chat4all.channels.download import too_large
from chat4all.channels.fates import NotSent, TryAgain
from chat4all.channels.outgoing import Action, LinkPart, MediaPart, Part, Sent, TextPart, link_text
from chat4all.channels.telegram import calls
from chat4all.channels.telegram.client import CALL_S, OFFICIAL, UPLOAD_S, Clients
from chat4all.channels.telegram.download import open_file, url_of
from chat4all.channels.telegram.errors import as_document, fate_of, plain
from chat4all.channels.telegram.limits import DOWNLOAD_MAX
from chat4all.channels.telegram.upload import Upload

if TYPE_CHECKING:  # What S3 needs is loaded by who makes it.
    from chat4all.channels.media import MediaStore

Result = TypeVar("Result")
Use = Callable[[Bot, str], Coroutine[Any, Any, Result]]
"""Something that is done with a client and the chat's id."""

_MOVES = 3
"""How often a chat that has moved is followed."""
_WRITE_MS = 2_000
"""Kept of the invocation's time for what is written after a call."""


class Sender:
    """For the life of an environment; connections stay open. It never waits for a throttle: others stand behind."""

    def __init__(self, media: "MediaStore", clients: Clients | None = None) -> None:
        self._media = media
        self._clients = clients or Clients()

    def send(self, to: Target, part: Part, reply_to: str | None) -> Sent:
        """Send a part; a chat that has moved is followed (`migrate_to_chat_id`). Raises NotSent."""
        reply = calls.reply_to(reply_to)
        if isinstance(part, MediaPart):
            return self._send_media(to, part, reply)
        plain = TextPart(link_text(part, self._media.share_link(part.file))) if isinstance(part, LinkPart) else part
        message = self._call(to, CALL_S, lambda bot, chat: calls.send_plain(bot, chat, plain, reply))
        return Sent(str(message.message_id))

    def send_album(self, to: Target, parts: Sequence[MediaPart], reply_to: str | None) -> Sequence[Sent]:
        """Send 2 to 10 files as one album. Raises NotSent.

        Telegram has been seen to refuse an album of which it had sent some, and does not say which
        (github.com/rubenlagus/TelegramBots/issues/1520): those come twice when each is sent alone.
        """
        reply = calls.reply_to(reply_to)
        uploads = [self._upload_of(part) for part in parts]
        messages = self._uploaded(to, uploads, lambda bot, chat: calls.send_album(bot, chat, parts, uploads, reply))
        if len(messages) != len(parts):
            raise NotSent(TryAgain(f"unreachable: the answer has {len(messages)} messages for {len(parts)} files"))
        pairs = zip(parts, messages, strict=True)
        return [Sent(str(message.message_id), _note(part, part.kind, None)) for part, message in pairs]

    def act(self, to: Target, action: Action) -> None:
        """Edit, take back, react, show typing; what is so already is done. Raises NotSent, Unsupported."""
        self._call(to, CALL_S, lambda bot, chat: calls.act(bot, chat, action))

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> Fetched:
        """Open a file by `media["id"]` (getFile: at most 20 MB on Telegram's own server); raises NotSent."""
        size = media.get("size")
        if size is not None and size > most_bytes:
            raise too_large(most_bytes, size)

        async def file_path(bot: Bot, _: str) -> str:
            found = (await bot.get_file(str(media["id"]))).file_path or ""
            # python-telegram-bot makes a URL of the path, except where this machine happens to have such a file.
            return found.removeprefix(f"{bot.base_file_url}/")

        try:
            path = self._call(to, CALL_S, file_path)
        except NotSent as error:
            if "file is too big" in error.fate.reason.lower():
                raise too_large(DOWNLOAD_MAX, size) from error
            raise
        token, base = to.settings["bot_token"], to.settings.get("api_base") or OFFICIAL
        return open_file(self._files, url_of(token, base, path), media.get("content_type"), most_bytes)

    def close(self) -> None:
        """Close connections."""
        self._clients.close()
        if "_files" in self.__dict__:
            self._files.close()

    def _send_media(self, to: Target, part: MediaPart, reply: Any) -> Sent:
        """As the part's kind; as a document, where Telegram takes the file but not as that."""
        try:
            return Sent(str(self._upload(to, part, part.kind, reply)), _note(part, part.kind, None))
        except NotSent as error:
            refused = error.__cause__
            if not isinstance(refused, BadRequest) or part.kind == "document" or not as_document(refused):
                raise
            return Sent(str(self._upload(to, part, "document", reply)), _note(part, "document", plain(refused)))

    def _upload(self, to: Target, part: MediaPart, kind: str, reply: Any) -> int:
        upload = self._upload_of(part)
        send = partial(calls.send_media, kind=kind, part=part, upload=upload, reply=reply)
        return self._uploaded(to, [upload], send).message_id

    def _upload_of(self, part: MediaPart) -> Upload:
        return Upload(lambda: self._media.open(part.file), part.file)

    def _uploaded(self, to: Target, uploads: Sequence[Upload], use: Use[Result]) -> Result:
        """A call that reads `uploads`; what ended their reading is told, and not what became of the call."""

        async def send(bot: Bot, chat_id: str) -> Result:
            for upload in uploads:
                upload.rewind()
            try:
                return await use(bot, chat_id)
            except TelegramError:
                for upload in uploads:
                    if upload.trouble is not None:
                        raise upload.trouble from None
                raise
            finally:
                for upload in uploads:
                    upload.close()

        return self._call(to, UPLOAD_S, send)

    def _call(self, to: Target, most_s: float, use: Use[Result]) -> Result:
        address, token = to.address, to.settings["bot_token"]
        for _ in range(_MOVES):
            if to.remaining_ms() < most_s * 1000 + _WRITE_MS:
                raise NotSent(TryAgain("no_time: the invocation ends before it could be sent"))
            try:
                return self._clients.run(token, to.settings.get("api_base"), partial(_at, use, address), most_s)
            except ChatMigrated as error:
                address = str(error.new_chat_id)
            except TelegramError as error:
                raise NotSent(fate_of(error)) from error
        raise NotSent(TryAgain("moved: again and again"))

    @cached_property
    def _files(self) -> httpx.Client:
        return httpx.Client(limits=httpx.Limits(max_connections=4))


def _at(use: Use[Result], chat_id: str, bot: Bot) -> Coroutine[Any, Any, Result]:
    return use(bot, chat_id)


def _note(part: MediaPart, kind: str, refusal: str | None) -> str | None:
    """What the recipient's status says of a file that is not shown as what it is."""
    if kind != "document" or part.file.kind == "document":
        return None
    return f"as_document: {refusal or f'Telegram takes no such {part.file.kind} ({part.file.content_type})'}"
