"""The Bot API's methods, as parts and actions need them (core.telegram.org/bots/api#available-methods)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from telegram import (
    Bot,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest

from chat4all.channels.channel import Unsupported
from chat4all.channels.outgoing import (
    Action,
    ContactPart,
    EditText,
    LocationPart,
    MarkRead,
    MediaPart,
    React,
    Retract,
    ShowTyping,
    TextPart,
)
from chat4all.channels.telegram.errors import plain
from chat4all.channels.telegram.limits import NAME_MAX
from chat4all.channels.telegram.reactions import as_telegram
from chat4all.channels.telegram.upload import Upload

Plain = TextPart | LocationPart | ContactPart
_IN_ALBUM: Mapping[str, Callable[..., Any]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}


async def send_plain(bot: Bot, chat_id: str, part: Plain, reply: ReplyParameters | None) -> Message:
    """Send what needs no file."""
    match part:
        case TextPart():
            return await bot.send_message(chat_id, part.text, reply_parameters=reply)
        case LocationPart(latitude, longitude, str(name), str(address)):
            return await bot.send_venue(chat_id, latitude, longitude, name, address, reply_parameters=reply)
        case LocationPart():
            return await bot.send_location(chat_id, part.latitude, part.longitude, reply_parameters=reply)
        case ContactPart():
            first, last = part.name[:NAME_MAX], part.name[NAME_MAX : 2 * NAME_MAX] or None
            return await bot.send_contact(chat_id, part.phone, first, last_name=last, reply_parameters=reply)


async def send_media(
    bot: Bot, chat_id: str, kind: str, part: MediaPart, upload: Upload, reply: ReplyParameters | None
) -> Message:
    """Upload a file as `kind`, which may differ from the part's."""
    field = upload.form_field(part.file.filename)
    if kind == "sticker":
        return await bot.send_sticker(chat_id, field, reply_parameters=reply)
    methods: dict[str, Callable[..., Awaitable[Message]]] = {
        "photo": bot.send_photo,
        "video": bot.send_video,
        "audio": bot.send_audio,
        "voice": bot.send_voice,
        "animation": bot.send_animation,
        "document": bot.send_document,
    }
    return await methods[kind](chat_id, field, caption=part.caption or None, reply_parameters=reply)


async def send_album(
    bot: Bot, chat_id: str, parts: Sequence[MediaPart], uploads: Sequence[Upload], reply: ReplyParameters | None
) -> Sequence[Message]:
    """Upload 2 to 10 files as one album."""
    media = [
        _IN_ALBUM[part.kind](upload.form_field(part.file.filename, in_list=True), caption=part.caption or None)
        for part, upload in zip(parts, uploads, strict=True)
    ]
    return await bot.send_media_group(chat_id, media, reply_parameters=reply)


async def act(bot: Bot, chat_id: str, action: Action) -> None:
    """Do it; raises Unsupported, telegram.error.TelegramError. What is so already is done."""
    try:
        match action:
            case EditText(external_id, text, is_caption=True):
                await bot.edit_message_caption(chat_id, _message_id(external_id), caption=text)
            case EditText(external_id, text):
                await bot.edit_message_text(text, chat_id, _message_id(external_id))
            case Retract(external_id):
                await bot.delete_message(chat_id, _message_id(external_id))
            case React(external_id, emojis):
                reaction = [ReactionTypeEmoji(emoji) for emoji in _reaction(emojis)]
                await bot.set_message_reaction(chat_id, _message_id(external_id), reaction)
            case ShowTyping():
                await bot.send_chat_action(chat_id, ChatAction.TYPING)
            case MarkRead():
                raise Unsupported("bots cannot tell what they have read")
    except BadRequest as error:
        said = error.message.lower()
        if any(words in said for words in _DONE):
            return
        if any(words in said for words in _IMPOSSIBLE):
            raise Unsupported(f"Telegram: {plain(error)}") from error
        raise


def reply_to(external_id: str | None) -> ReplyParameters | None:
    """An answer, also where what it answers is gone; what is no message of Telegram's (a button) cannot be answered."""
    if external_id is None or not external_id.isdecimal():
        return None
    return ReplyParameters(int(external_id), allow_sending_without_reply=True)


def _message_id(external_id: str) -> int:
    if not external_id.isdecimal():
        raise Unsupported(f"{external_id} is no message of Telegram's")
    return int(external_id)


def _reaction(emojis: tuple[str, ...]) -> list[str]:
    """At most one, of those that bots may use (setMessageReaction)."""
    found = list(dict.fromkeys(as_telegram(emoji) for emoji in emojis))
    if len(found) > 1:
        raise Unsupported("a bot has one reaction to a message")
    if found == [None]:
        raise Unsupported(f"{emojis[0]} is no reaction of Telegram's")
    return [emoji for emoji in found if emoji is not None]


_DONE = ("message is not modified", "message to delete not found")
_IMPOSSIBLE = (
    "message can't be edited",
    "no text in the message to edit",
    "no caption in the message to edit",
    "message can't be deleted",  # older than 48 hours, or of a kind that stays (deleteMessage)
    "reaction_invalid",
    "reactions_too_many",
)
