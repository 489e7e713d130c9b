"""Methods of the Bot API. Each answers its `result`, or raises BotApiError with the words of the real server."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from local.simulators.telegram import shapes
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.errors import bad_request, too_many_requests
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.rates import Rates
from local.simulators.telegram.storage import Row, Storage

TEXT_MAX = 4096
"""UTF-16 code units."""
REACTIONS = frozenset(
    [
        *"❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃",
        *"🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
        *("❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"),
    ]
)
"""What a reaction may be (core.telegram.org/bots/api#reactiontypeemoji)."""
_ACTIONS = frozenset(
    f"{act}_{what}"
    for act, kinds in {"upload": "photo video voice document video_note", "record": "video voice video_note"}.items()
    for what in kinds.split(" ")
) | {"typing", "choose_sticker", "find_location"}
"""What sendChatAction may say."""


class BotMethods:
    """Methods that write into chats; `webhook_methods` has those about updates."""

    def __init__(self, chats: Chats, rates: Rates) -> None:
        self._chats = chats
        self._storage: Storage = chats.storage
        self._rates = rates

    def table(self) -> dict[str, Callable[[Row, Parameters], Awaitable[Any]]]:
        """By name in lower case: the server does not care for case."""
        return {
            "getme": self.get_me,
            "sendmessage": self.send_message,
            "sendlocation": self.send_location,
            "sendcontact": self.send_contact,
            "editmessagetext": self.edit_message_text,
            "deletemessage": self.delete_message,
            "sendchataction": self.send_chat_action,
            "setmessagereaction": self.set_message_reaction,
        }

    async def get_me(self, bot: Row, _parameters: Parameters) -> Any:
        return shapes.me(bot)

    async def send_message(self, bot: Row, parameters: Parameters) -> Any:
        text = _checked_text(parameters)
        return self._send(bot, parameters, {"text": text})

    async def send_location(self, bot: Row, parameters: Parameters) -> Any:
        latitude, longitude = parameters.number("latitude"), parameters.number("longitude")
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise bad_request("invalid location specified")
        location: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        if parameters.has("horizontal_accuracy"):
            location["horizontal_accuracy"] = parameters.number("horizontal_accuracy")
        return self._send(bot, parameters, {"location": location})

    async def send_contact(self, bot: Row, parameters: Parameters) -> Any:
        contact = {
            name: parameters.text(name)
            for name in ("phone_number", "first_name", "last_name", "vcard")
            if parameters.text(name)
        }
        for name, words in (("phone_number", "phone number"), ("first_name", "first name")):
            if name not in contact:
                raise bad_request(f"contact {words} must be non-empty")
        return self._send(bot, parameters, {"contact": contact})

    async def edit_message_text(self, bot: Row, parameters: Parameters) -> Any:
        text = _checked_text(parameters)
        person = self._chats.reachable(bot, _chat_id(parameters))
        self._limit(bot, person)
        return self._chats.bot_edits(bot, person, parameters.integer("message_id"), text)

    async def delete_message(self, bot: Row, parameters: Parameters) -> Any:
        person = self._chats.reachable(bot, _chat_id(parameters))
        self._chats.bot_deletes(bot, person, parameters.integer("message_id"))
        return True

    async def send_chat_action(self, bot: Row, parameters: Parameters) -> Any:
        person = self._chats.reachable(bot, _chat_id(parameters))
        action = parameters.text("action")
        if action not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._chats.bot_acts(bot, person, action)
        return True

    async def set_message_reaction(self, bot: Row, parameters: Parameters) -> Any:
        person = self._chats.reachable(bot, _chat_id(parameters))
        reactions = parameters.document("reaction", list) or []
        if len(reactions) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        emoji = ""
        for reaction in reactions:
            emoji = reaction.get("emoji", "") if isinstance(reaction, dict) else ""
            if emoji.replace("\ufe0f", "") not in REACTIONS:
                raise bad_request("REACTION_INVALID")
        self._chats.bot_reacts(bot, person, parameters.integer("message_id"), emoji)
        return True

    def _send(self, bot: Row, parameters: Parameters, content: Row) -> dict[str, Any]:
        person = self._chats.reachable(bot, _chat_id(parameters))
        reply_to = self._reply_to(bot, person, parameters)
        self._limit(bot, person)
        return self._chats.bot_says(bot, person, content, reply_to)

    def _reply_to(self, bot: Row, person: Row, parameters: Parameters) -> int | None:
        reply = parameters.document("reply_parameters", dict)
        if reply is None:
            return None
        message_id = Parameters(reply).integer("message_id")
        if self._storage.message(bot["id"], person["id"], message_id) is not None:
            return message_id
        if Parameters(reply).flag("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

    def _limit(self, bot: Row, person: Row) -> None:
        if not self._storage.setting("rate_limits", True):
            return
        if wait_s := self._rates.take(bot["id"], person["id"]):
            raise too_many_requests(wait_s)


def _chat_id(parameters: Parameters) -> int:
    raw = parameters.text("chat_id")
    if not raw:
        raise bad_request("chat_id is empty")
    try:
        return int(raw)
    except ValueError:
        raise bad_request("chat not found") from None


def _checked_text(parameters: Parameters) -> str:
    """Telegram takes white space off both ends."""
    if parameters.text("parse_mode"):
        raise bad_request("unsupported parse_mode")  # Not simulated yet, so refused and not ignored.
    text = parameters.text("text").strip()
    if not text:
        raise bad_request("message text is empty")
    if shapes.utf16_length(text) > TEXT_MAX:
        raise bad_request("message is too long")
    return text


def unix_now() -> int:
    """Seconds since 1970."""
    return int(time.time())
