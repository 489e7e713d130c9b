"""What all methods that write have in common: the chat, the answer it is to, the buttons, and the rates."""

from typing import Any

from local.simulators.telegram.chat import Chat
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.errors import bad_request, too_many_requests
from local.simulators.telegram.markup import reply_markup
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.rates import Rates
from local.simulators.telegram.storage import Row


class Sending:
    """Each raises BotApiError in the words of the real server."""

    def __init__(self, chats: Chats, rates: Rates) -> None:
        self.chats = chats
        self._rates = rates

    def chat(self, bot: Row, parameters: Parameters, name: str = "chat_id") -> Chat:
        """The chat of the call, where the bot may write."""
        raw = parameters.text(name)
        if not raw:
            raise bad_request(f"{name} is empty")
        try:
            chat_id = int(raw)
        except ValueError:
            chat_id = 0
        if not 0 < abs(chat_id) < 2**63:
            raise bad_request("chat not found")
        return self.chats.reachable(bot, chat_id)

    def message(self, chat: Chat, parameters: Parameters, what: str) -> Row:
        """The message that the call names."""
        row = self.chats.message(chat, parameters.integer("message_id"))
        if row is None:
            raise bad_request(f"message to {what} not found")
        return row

    def say(self, bot: Row, parameters: Parameters, content: Row) -> dict[str, Any]:
        """Send one message: the Message object."""
        chat = self.chat(bot, parameters)
        more = reply_markup(parameters)
        if parameters.flag("protect_content"):
            more |= {"has_protected_content": True}
        reply_to = self.reply_to(chat, parameters)
        self.limit(chat)
        return self.chats.bot_says(chat, content | more, reply_to)

    def reply_to(self, chat: Chat, parameters: Parameters) -> int | None:
        reply = parameters.document("reply_parameters", dict)
        if reply is None:
            return None
        message_id = Parameters(reply).integer("message_id")
        if self.chats.message(chat, message_id) is not None:
            return message_id
        if Parameters(reply).flag("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

    def limit(self, chat: Chat, messages: int = 1) -> None:
        """Take from the rates, where they are on."""
        if not self.chats.storage.setting("rate_limits", True):
            return
        if wait_s := self._rates.take(chat.bot["id"], chat.id, messages):
            raise too_many_requests(wait_s)
