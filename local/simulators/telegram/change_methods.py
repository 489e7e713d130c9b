"""Methods of the Bot API that change messages, react to them, or pass them on."""

from collections.abc import Awaitable, Callable
from typing import Any

from local.simulators.telegram.errors import bad_request
from local.simulators.telegram.markup import reply_markup
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.people_acts import PeopleActs
from local.simulators.telegram.sending import Sending
from local.simulators.telegram.storage import Row
from local.simulators.telegram.texts import caption, message_text

REACTIONS = frozenset(
    [
        *"❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃",
        *"🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
        *("❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"),
    ]
)
"""What a reaction may be (core.telegram.org/bots/api#reactiontypeemoji)."""
_MANY_MAX = 100


class ChangeMethods:
    """Edits, deletions, reactions, forwards."""

    def __init__(self, sending: Sending, people: PeopleActs) -> None:
        self._sending = sending
        self._chats = sending.chats
        self._people = people

    def table(self) -> dict[str, Callable[[Row, Parameters], Awaitable[Any]]]:
        """By name in lower case."""
        return {
            "editmessagetext": self.edit_message_text,
            "editmessagecaption": self.edit_message_caption,
            "editmessagereplymarkup": self.edit_message_reply_markup,
            "deletemessage": self.delete_message,
            "deletemessages": self.delete_messages,
            "setmessagereaction": self.set_message_reaction,
            "forwardmessage": self.forward_message,
            "copymessage": self.copy_message,
        }

    async def edit_message_text(self, bot: Row, parameters: Parameters) -> Any:
        return self._edit(bot, parameters, "text", message_text(parameters))

    async def edit_message_caption(self, bot: Row, parameters: Parameters) -> Any:
        return self._edit(bot, parameters, "caption", caption(parameters))

    async def edit_message_reply_markup(self, bot: Row, parameters: Parameters) -> Any:
        return self._edit(bot, parameters, "reply_markup", {})

    def _edit(self, bot: Row, parameters: Parameters, field: str, changes: Row) -> Any:
        if parameters.has("inline_message_id"):
            raise bad_request("inline messages are not simulated")
        chat = self._sending.chat(bot, parameters)
        changes = changes | reply_markup(parameters)
        self._sending.limit(chat)
        return self._chats.bot_edits(chat, parameters.integer("message_id"), field, changes)

    async def delete_message(self, bot: Row, parameters: Parameters) -> Any:
        self._chats.bot_deletes(self._sending.chat(bot, parameters), parameters.integer("message_id"))
        return True

    async def delete_messages(self, bot: Row, parameters: Parameters) -> Any:
        """Those that are not found are left out, as Telegram does."""
        chat = self._sending.chat(bot, parameters)
        ids = parameters.document("message_ids", list) or []
        if not 1 <= len(ids) <= _MANY_MAX:
            raise bad_request(f"there must be 1 to {_MANY_MAX} message identifiers")
        for message_id in (Parameters({"message_ids": value}).integer("message_ids") for value in ids):
            if self._chats.message(chat, message_id) is not None:
                self._chats.bot_deletes(chat, message_id)
        return True

    async def set_message_reaction(self, bot: Row, parameters: Parameters) -> Any:
        chat = self._sending.chat(bot, parameters)
        reactions = parameters.document("reaction", list) or []
        if len(reactions) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        emoji = ""
        for reaction in reactions:
            emoji = reaction.get("emoji", "") if isinstance(reaction, dict) else ""
            if not isinstance(emoji, str) or emoji.replace("\ufe0f", "") not in REACTIONS:
                raise bad_request("REACTION_INVALID")
        self._chats.bot_reacts(chat, parameters.integer("message_id"), emoji)
        return True

    async def forward_message(self, bot: Row, parameters: Parameters) -> Any:
        return self._passed_on(bot, parameters, "forward")

    async def copy_message(self, bot: Row, parameters: Parameters) -> Any:
        return {"message_id": self._passed_on(bot, parameters, "copy")["message_id"]}

    def _passed_on(self, bot: Row, parameters: Parameters, what: str) -> dict[str, Any]:
        source = self._sending.chat(bot, parameters, "from_chat_id")
        row = self._sending.message(source, parameters, what)
        if "service" in row["content"]:
            raise bad_request(f"the message can't be {'copied' if what == 'copy' else 'forwarded'}")
        sender = None if row["sender_id"] == bot["id"] else self._chats.storage.person(row["sender_id"])
        content = self._people.forwarded(row, sender, bot)
        if what == "copy":
            content = {name: value for name, value in content.items() if name != "forward_origin"}
            if "media" in content and parameters.has("caption"):
                content = {**content, "caption": "", **caption(parameters)}
        return self._sending.say(bot, parameters, content)
