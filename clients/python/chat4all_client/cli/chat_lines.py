"""What one writes in `chat`: messages, and commands that begin with a slash."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chat4all_client.cli.chat_view import presence_text
from chat4all_client.cli.output import one_line
from chat4all_client.client import Client
from chat4all_client.errors import ClientError
from chat4all_client.live.client import LiveClient

Json = dict[str, Any]
HELP = {
    "/reply [NUMBER] TEXT": "answer a message; without a number, the last of somebody else",
    "/react [NUMBER] EMOJI": "react to one; the same again takes it back",
    "/edit [NUMBER] TEXT": "change an own one; without a number, the last",
    "/unsend [NUMBER]": "take an own one back",
    "/file PATH [CAPTION]": "send a file",
    "/status [NUMBER]": "every delivery of an own one",
    "/who": "members, and who is online",
    "/older": "load more of what was said before",
    "/search WORDS": "in what is loaded",
    "/resend": "try again what was refused",
    "/discard": "give up what waits or was refused",
    "/quit": "leave the chat; what waits is sent the next time",
}


class NotUnderstood(ClientError):
    """A line that begins with a slash and is no command."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Does what a line says."""

    live: LiveClient
    conversation_id: str
    client: Client
    """For files."""
    tell: Callable[[str], None]
    """Shows a line."""
    sent: set[str] = field(default_factory=set)
    """Ids of messages that were sent by lines, and not discarded."""

    async def do(self, line: str) -> None:
        """Send a line, or do what it says. Two slashes at its beginning are one of the text.

        Raises:
            NotUnderstood, ClientError, OSError: the text says why.
        """
        if not line.startswith("/") or line.startswith("//"):
            self.sent.add(await self.live.send(self.conversation_id, line[1:] if line.startswith("//") else line))
            return
        name, _, rest = line[1:].partition(" ")
        command = _COMMANDS.get(name)
        if command is None:
            raise NotUnderstood(
                f"There is no /{one_line(name)}: /help shows what there is; // begins a text with a slash"
            )
        await command(self, rest.strip())

    async def help(self, _rest: str) -> None:
        """All commands."""
        for usage, told in HELP.items():
            self.tell(f"{usage}: {told}")

    async def reply(self, rest: str) -> None:
        """To a message."""
        message, text = await self._addressed(rest, is_own=False)
        self.sent.add(await self.live.send(self.conversation_id, _said(text), reply_to=message["message_id"]))

    async def react(self, rest: str) -> None:
        """Or take it back."""
        message, emoji = await self._addressed(rest, is_own=None)
        is_there = self.live.user_id in (message.get("reactions") or {}).get(emoji, ())
        await self.live.react(message["message_id"], _said(emoji), remove=is_there)

    async def edit(self, rest: str) -> None:
        """An own one."""
        message, text = await self._addressed(rest, is_own=True)
        await self.live.edit(message["message_id"], _said(text))

    async def unsend(self, rest: str) -> None:
        """An own one."""
        message, _ = await self._addressed(rest, is_own=True)
        await self.live.unsend(message["message_id"])

    async def file(self, rest: str) -> None:
        """Upload it, then send it."""
        path, _, caption = _said(rest).partition(" ")
        self.tell(f"Uploading {path}…")
        file = await self.client.upload(_expanded(path))
        self.sent.add(await self.live.send(self.conversation_id, caption, type="file", file_ids=[file["file_id"]]))

    async def status(self, rest: str) -> None:
        """Of an own one."""
        message, _ = await self._addressed(rest, is_own=True)
        said = await self.live.status(message["message_id"])
        self.tell(f"{message['seq']}: {said['status']}")
        for recipient in said.get("recipients", ()):
            for delivery in recipient.get("deliveries", ()):
                words = [
                    recipient.get("user_id", "")[-8:],
                    *(str(delivery.get(name, "")) for name in ("channel", "status", "reason")),
                ]
                self.tell("  " + one_line(" ".join(words)))

    async def who(self, _rest: str) -> None:
        """Members with role and presence."""
        conversation = await self.live.conversation(self.conversation_id, fresh=True)
        members = (conversation or {}).get("members", {})
        users = await self.live.users(members)
        for user_id, member in members.items():
            name = users.get(user_id, {}).get("display_name") or users.get(user_id, {}).get("username") or user_id
            here = presence_text(self.live.presence(user_id), "").removeprefix("? ")
            self.tell(one_line(f"{name} ({member.get('role')}) {here}"))

    async def older(self, _rest: str) -> None:
        """A page."""
        if not await self.live.older(self.conversation_id):
            self.tell("That is the beginning.")

    async def search(self, rest: str) -> None:
        """What is found, newest first."""
        found = await self.live.search(self.conversation_id, _said(rest))
        for message in found[:20]:
            self.tell(one_line(f"{message.get('seq', '')}: {message.get('content')}"))
        self.tell(f"{len(found)} found")

    async def resend(self, _rest: str) -> None:
        """All that were refused."""
        for message in await self._unsent("failed"):
            await self.live.resend(message["message_id"])

    async def discard(self, _rest: str) -> None:
        """All that wait or were refused."""
        for message in await self._unsent("failed", "sending"):
            await self.live.discard(message["message_id"])
            self.sent.discard(message["message_id"])

    async def quit(self, _rest: str) -> None:
        """Leave."""
        raise EOFError

    async def _unsent(self, *states: str) -> list[Json]:
        return [one for one in await self.live.messages(self.conversation_id) if one.get("local") in states]

    async def _addressed(self, rest: str, *, is_own: bool | None) -> tuple[Json, str]:
        """The message that a number names, or the last one, and what stands behind. Raises NotUnderstood."""
        first, _, text = rest.partition(" ")
        seq = int(first) if first.isascii() and first.isdigit() else None
        for message in reversed(await self.live.messages(self.conversation_id)):
            own = message["sender_id"] == self.live.user_id
            if "seq" not in message or message.get("deleted_at"):
                continue
            if seq is not None and message["seq"] == seq:
                return message, text.strip()
            if seq is None and is_own in (None, own):
                return message, rest
        raise NotUnderstood(f"There is no message {seq}" if seq is not None else "There is no message to do that with")


def _expanded(path: str) -> Path:
    return Path(path).expanduser()


def _said(text: str) -> str:
    if not text:
        raise NotUnderstood("Something is missing: /help shows what")
    return text


_COMMANDS: Mapping[str, Callable[[Lines, str], Awaitable[None]]] = {
    name: getattr(Lines, name)
    for name in (
        "help", "reply", "react", "edit", "unsend", "file", "status", "who", "older", "search", "resend", "discard", "quit",
    )
}  # fmt: skip
