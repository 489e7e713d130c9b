"""Methods of the Bot API. Each answers its `result`, or raises BotApiError with the words of the real server."""

from collections.abc import Awaitable, Callable
from typing import Any

from local.simulators.live import Change
from local.simulators.telegram import shapes
from local.simulators.telegram.errors import bad_request
from local.simulators.telegram.group_acts import GroupActs
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.sending import Sending
from local.simulators.telegram.storage import Row
from local.simulators.telegram.texts import message_text

_ACTIONS = frozenset(
    f"{act}_{what}"
    for act, kinds in {"upload": "photo video voice document video_note", "record": "video voice video_note"}.items()
    for what in kinds.split(" ")
) | {"typing", "choose_sticker", "find_location"}
"""What sendChatAction may say."""
_CALLBACK_LIVES_S = 15 * 60
"""How long a button may be answered (unverified: the documentation says only that the phone shows progress)."""
_CALLBACK_TEXT_MAX = 200


class BotMethods:
    """Methods that send and act; others have those about changes, media and updates."""

    def __init__(self, sending: Sending, groups: GroupActs) -> None:
        self._sending = sending
        self._chats = sending.chats
        self._groups = groups

    def table(self) -> dict[str, Callable[[Row, Parameters], Awaitable[Any]]]:
        """By name in lower case: the server does not care for case."""
        return {
            "getme": self.get_me,
            "getchat": self.get_chat,
            "leavechat": self.leave_chat,
            "sendmessage": self.send_message,
            "sendlocation": self.send_location,
            "sendvenue": self.send_venue,
            "sendcontact": self.send_contact,
            "sendchataction": self.send_chat_action,
            "answercallbackquery": self.answer_callback_query,
        }

    async def get_me(self, bot: Row, _parameters: Parameters) -> Any:
        return shapes.me(bot)

    async def get_chat(self, bot: Row, parameters: Parameters) -> Any:
        chat = self._sending.chat(bot, parameters)
        accepted = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), True)
        full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}
        return chat.document() | full | {"accepted_gift_types": accepted | {"gifts_from_channels": True}}

    async def leave_chat(self, bot: Row, parameters: Parameters) -> Any:
        chat = self._sending.chat(bot, parameters)
        if chat.group is None:
            raise bad_request("chat member status can't be changed in private chats")
        self._groups.leave(chat)
        return True

    async def send_message(self, bot: Row, parameters: Parameters) -> Any:
        return self._sending.say(bot, parameters, message_text(parameters))

    async def send_location(self, bot: Row, parameters: Parameters) -> Any:
        location = _location(parameters)
        if parameters.has("horizontal_accuracy"):
            location["horizontal_accuracy"] = parameters.number("horizontal_accuracy")
        return self._sending.say(bot, parameters, {"location": location})

    async def send_venue(self, bot: Row, parameters: Parameters) -> Any:
        venue: dict[str, Any] = {"location": _location(parameters)}
        for name in ("title", "address"):
            venue[name] = parameters.text(name)
            if not venue[name]:
                raise bad_request(f"venue {name} must be non-empty")
        for name in ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type"):
            if parameters.text(name):
                venue[name] = parameters.text(name)
        return self._sending.say(bot, parameters, {"venue": venue})

    async def send_contact(self, bot: Row, parameters: Parameters) -> Any:
        contact = {
            name: parameters.text(name)
            for name in ("phone_number", "first_name", "last_name", "vcard")
            if parameters.text(name)
        }
        for name, words in (("phone_number", "phone number"), ("first_name", "first name")):
            if name not in contact:
                raise bad_request(f"contact {words} must be non-empty")
        return self._sending.say(bot, parameters, {"contact": contact})

    async def send_chat_action(self, bot: Row, parameters: Parameters) -> Any:
        chat = self._sending.chat(bot, parameters)
        action = parameters.text("action")
        if action not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._chats.bot_acts(chat, action)
        return True

    async def answer_callback_query(self, bot: Row, parameters: Parameters) -> Any:
        text = parameters.text("text")
        if len(text) > _CALLBACK_TEXT_MAX:
            raise bad_request("MESSAGE_TOO_LONG")
        since = self._chats.now() - _CALLBACK_LIVES_S
        query = self._chats.storage.take_callback(parameters.text("callback_query_id"), bot["id"], since)
        if query is None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        data = {"bot_id": bot["id"], "id": query["id"], "text": text, "alert": parameters.flag("show_alert")}
        self._chats.live.tell(query["person_id"], Change("answer", data))
        return True


def _location(parameters: Parameters) -> dict[str, Any]:
    latitude, longitude = parameters.number("latitude"), parameters.number("longitude")
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise bad_request("invalid location specified")
    return {"latitude": latitude, "longitude": longitude}
