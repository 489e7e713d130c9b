"""People on the phones of the four channels, who all do and see the same: what differs is in here."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.graph_phones import ROOT, GraphPhone
from tests.e2e.people import ok
from tests.e2e.phones import Phone

CHANNELS = ("telegram", "whatsapp", "messenger", "instagram")
EDITS = ("telegram", "whatsapp", "messenger")
"""Where an edit of theirs is told to us."""
UNSENDS = ("whatsapp", "instagram")
TEXT_MAX = {"telegram": 3_900, "whatsapp": 9_000, "messenger": 9_000, "instagram": 900}
"""Characters that are typed there at most."""
_PHONE_KINDS = {"messenger": {"document": "file"}, "instagram": {"document": "file"}}


@dataclass(frozen=True)
class Shown:
    """A message as a phone shows it."""

    id: str
    is_mine: bool
    text: str
    filename: str | None
    """Of a file; "" where the phone shows none."""
    is_deleted: bool
    reply_to: str | None
    reactions: frozenset[str]
    """The account's, without variation selectors."""


@dataclass
class Native:
    """Somebody who is only on one channel."""

    channel: str
    http: httpx.AsyncClient
    phone: Phone | GraphPhone
    names: tuple[str, ...]
    """By which others may know them, the best first."""
    user_id: str = ""
    """Who they are to us, once they have written."""
    first_seen: dict[str, float] = field(default_factory=dict)
    """When each message was on the phone, on the monotonic clock."""
    screen: dict[str, Shown] = field(default_factory=dict)
    """What is on it now."""

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def is_telegram(self) -> bool:
        return self.channel == "telegram"

    async def say(self, text: str, reply_to: str | None = None) -> str:
        """Id of the message on the phone."""
        return await self._post({"text": text}, reply_to)

    async def send(self, filename: str, content_type: str, data: bytes, kind: str, caption: str) -> str:
        """A file; without its caption where the channel has none."""
        media = {"media_id": await self._upload(filename, content_type, data), "type": self._kind(kind)}
        if self.channel in ("telegram", "whatsapp"):
            media["caption"] = caption
        return await self._post({"media": media}, None)

    async def edit(self, message_id: str, text: str) -> None:
        ok(await self.http.patch(f"{self.phone.chat}/messages/{message_id}", json={"text": text}), 200)

    async def unsend(self, message_id: str) -> None:
        ok(await self.http.delete(f"{self.phone.chat}/messages/{message_id}"), 200)

    async def react(self, message_id: str, emoji: str) -> None:
        ok(await self.http.put(f"{self.phone.chat}/messages/{message_id}/reaction", json={"emoji": emoji}), 200)

    async def read(self) -> None:
        """All of it; on Telegram nobody is told."""
        if not self.is_telegram:
            ok(await self.http.post(f"{self.phone.chat}/read"), 200)

    async def messages(self) -> list[Shown]:
        """Oldest first."""
        answer = ok(await self.http.get(f"{self.phone.chat}/messages"), 200)
        return [self._shown(view) for view in answer["items"]]

    async def watch(self) -> None:
        """Look at the phone until cancelled: what comes is noted with its time."""
        person = "/phones/api/phones" if self.is_telegram else f"{ROOT}/people"
        url = f"{person}/{self.phone.id}/events?after=0"
        async with self.http.stream("GET", url, timeout=httpx.Timeout(60, read=None)) as stream:
            event = ""
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "message":
                    shown = self._shown(json.loads(value))
                    self.first_seen.setdefault(shown.id, time.monotonic())
                    self.screen[shown.id] = shown

    async def _post(self, body: dict[str, Any], reply_to: str | None) -> str:
        if reply_to is not None:
            body |= {"reply_to_message_id": int(reply_to)} if self.is_telegram else {"reply_to": reply_to}
        made = ok(await self.http.post(f"{self.phone.chat}/messages", json=body), 201)
        return str(made["message_id"] if self.is_telegram else made["id"])

    async def _upload(self, filename: str, content_type: str, data: bytes) -> str:
        if isinstance(self.phone, GraphPhone):
            return await self.phone.upload(filename, content_type, data)
        url = f"/phones/api/phones/{self.phone.id}/uploads/{filename}"
        return str(ok(await self.http.put(url, content=data), 201)["media_id"])

    def _kind(self, kind: str) -> str:
        if self.is_telegram:  # which makes smaller photos of photos
            return "document"
        return _PHONE_KINDS.get(self.channel, {}).get(kind, kind)

    def _shown(self, view: Mapping[str, Any]) -> Shown:
        media = view.get("media")
        reply_to = view.get("reply_to_message_id" if self.is_telegram else "reply_to")
        reaction = view.get("reaction") if self.is_telegram else view.get("reactions", {}).get("account")
        return Shown(
            id=str(view["message_id"] if self.is_telegram else view["id"]),
            is_mine=view["from"] == "me",
            text=str(view.get("text") or view.get("caption") or ""),
            filename=None if media is None else str(media.get("name") or media.get("filename") or ""),
            is_deleted=bool(view["deleted"]),
            reply_to=None if reply_to is None else str(reply_to),
            reactions=frozenset({bare(reaction)} if reaction else ()),
        )


def bare(emoji: str) -> str:
    """Without variation selectors, which some channels leave out."""
    return emoji.replace("\ufe0f", "")
