"""What everybody says and does, at once: how much of what is by chance, from a seed."""

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
from PIL import Image

from tests.e2e.four_channels.ledger import EDITED, Said
from tests.e2e.four_channels.natives import EDITS, TEXT_MAX, UNSENDS, Native, Shown
from tests.e2e.four_channels.scene import Member, Scene
from tests.e2e.people import DEADLINE_S, ok

LONG, FILE, REPLY, EDIT, UNSEND, REACT = 0.07, 0.1, 0.2, 0.12, 0.06, 0.15
"""Shares of messages: of long texts, of files, of answers; and of those that are followed by something done to one."""
ON_THEIR_WAY = 8
"""Messages that may be said and not told to the app yet: so many talk at once."""
EMOJIS = ("👍", "❤️", "🔥", "😂")
"""Telegram's bots cannot react by the last one."""
THEIR_EMOJIS = ("👍", "❤")
_WORDS = (
    "pão",
    "fresh",
    "🥖",
    "Здравствуйте",
    "👩‍👩‍👧‍👦",
    "今日は",
    "tomorrow",
    "e\u0301clair",
    "at",
    "nine",
    "🏳️‍🌈",
    "ok",
)


@dataclass(frozen=True)
class File:
    """Bytes that nothing else has."""

    name: str
    content_type: str
    kind: str
    data: bytes


async def talk(scene: Scene, messages: int, seed: int) -> None:
    """So many messages between them, in turns that nobody gives."""
    talkers = [_Talker(scene, who, Random(f"{seed} {number}")) for number, who in enumerate(_everybody(scene))]
    shares = [messages // len(talkers) + (number < messages % len(talkers)) for number in range(len(talkers))]
    await asyncio.gather(*(talker.talk(share) for talker, share in zip(talkers, shares, strict=True)))


def _everybody(scene: Scene) -> list[Member | Native]:
    return [*scene.members, *scene.natives]


class _Talker:
    """One of them."""

    def __init__(self, scene: Scene, who: Member | Native, chance: Random) -> None:
        self._scene = scene
        self._who = who
        self._chance = chance
        self._mine: list[Said] = []

    async def talk(self, messages: int) -> None:
        for _ in range(messages):
            await self._wait_for_turn()
            await self._say_something()
            await self._do_something()

    async def _wait_for_turn(self) -> None:
        deadline = time.monotonic() + 4 * DEADLINE_S
        while len(self._scene.ledger.said) - self._scene.arrived() >= ON_THEIR_WAY:
            assert time.monotonic() < deadline, f"{self._scene.arrived()} of {len(self._scene.ledger.said)} arrived"
            await asyncio.sleep(0.02)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    # --- messages
    async def _say_something(self) -> None:
        token = self._scene.ledger.new_token()
        if self._happens(FILE):
            await self._send_file(token)
            return
        is_long = self._happens(LONG)
        said = Said(token, self._who.names, [self._text(token, self._chance.randint(1200, 6000) if is_long else 40)])
        self._scene.ledger.add(said)
        answered = self._pick(lambda shown: True) if self._happens(REPLY) else None
        if isinstance(self._who, Member):
            said.reply_to = answered
            more = {"reply_to": answered} if answered else {}
            accepted = await self._who.person.send(self._scene.conversation, said.versions[0], **more)
            said.own_id = accepted["message_id"]
        else:
            said.reply_to = self._who.channel + answered if answered else None
            said.own_id = await self._who.say(said.versions[0], answered)
        self._mine.append(said)

    def _text(self, token: str, length: int) -> str:
        if isinstance(self._who, Native):
            length = min(length, TEXT_MAX[self._who.channel] // 2)
        words = [token]
        while sum(map(len, words)) < length:
            words.append(token if self._happens(0.1) else self._chance.choice(_WORDS))
        return " ".join(words)

    async def _send_file(self, token: str) -> None:
        file, caption = self._file(token), f"{token} look"
        said = Said(token, self._who.names, [caption], filename=file.name, size=len(file.data))
        self._scene.ledger.add(said)
        if isinstance(self._who, Native):
            said.own_id = await self._who.send(file.name, file.content_type, file.data, file.kind, caption)
            return
        answer = await self._who.person.http.post(
            "/v1/files", files={"file": (file.name, file.data, file.content_type)}
        )
        file_id = ok(answer, 201)["file_id"]
        accepted = await self._who.person.send(self._scene.conversation, caption, type="file", file_id=file_id)
        said.own_id = accepted["message_id"]

    def _file(self, token: str) -> File:
        """Of a size that no other has."""
        number = int(token[1:])
        if self._happens(0.5):
            made = io.BytesIO()
            Image.new("RGB", (64, 64), (number % 256, number // 256, 99)).save(made, "PNG")
            return File(
                f"{token}.png", "image/png", "image", made.getvalue() + bytes(1000 - len(made.getvalue()) + number)
            )
        if isinstance(self._who, Member) and self._happens(0.5):
            return File(f"{token}.zip", "application/zip", "document", b"PK\x05\x06" + bytes(18 + 5000 + number))
        return File(f"{token}.pdf", "application/pdf", "document", b"%PDF-1.7\n" + b" " * (10_000 + number))

    # --- what is done to messages
    async def _do_something(self) -> None:
        texts = [said for said in self._mine if not said.is_deleted and len(said.versions) == 1]
        if texts and self._happens(EDIT) and self._may(EDITS):
            await self._edit(self._chance.choice(texts))
        elif texts and self._happens(UNSEND) and self._may(UNSENDS):
            await self._unsend(self._chance.choice(texts))
        if self._happens(REACT):
            await self._react()

    def _may(self, channels: tuple[str, ...]) -> bool:
        return isinstance(self._who, Member) or self._who.channel in channels

    async def _edit(self, said: Said) -> None:
        said.versions.append(f"{said.token} changed {self._chance.choice(_WORDS)}")
        if isinstance(self._who, Native):
            await self._who.edit(said.own_id, said.versions[-1])
        else:
            await self._asked("PATCH", f"/v1/messages/{said.own_id}", content=said.versions[-1])

    async def _unsend(self, said: Said) -> None:
        said.is_deleted = True
        if isinstance(self._who, Native):
            await self._who.unsend(said.own_id)
        else:
            await self._asked("DELETE", f"/v1/messages/{said.own_id}")

    async def _react(self) -> None:
        reacted = self._scene.ledger.reactions
        if isinstance(self._who, Native):
            channel, mine = self._who.channel, self._who.user_id
            picked = self._pick(lambda shown: mine not in reacted.get(channel + shown.id, {}))
            if picked is not None:
                emoji = self._chance.choice(THEIR_EMOJIS)
                self._scene.ledger.react(channel + picked, mine, emoji)
                await self._who.react(picked, emoji)
        elif picked := self._pick(lambda shown: True):
            emoji, mine = self._chance.choice(EMOJIS), self._who.person.id
            if mine in reacted.get(picked, {}) or not await self._asked(
                "PUT", f"/v1/messages/{picked}/reactions/{emoji}"
            ):
                return
            self._scene.ledger.react(picked, mine, emoji)

    def _pick(self, fits: Callable[[Any], bool]) -> str | None:
        """Something that another said: for who is on the app its id of ours, else the phone's."""
        if isinstance(self._who, Member):
            told = [frame["data"] for frame, _ in self._who.told("message.created", self._scene.conversation)]
            ids = [data["message_id"] for data in told if data["sender_id"] != self._who.person.id]
            return self._chance.choice(ids) if ids else None
        shown = [one for one in self._who.screen.values() if _is_message(one) and fits(one)]
        return self._chance.choice(shown).id if shown else None

    async def _asked(self, method: str, path: str, **body: Any) -> bool:
        """Whether it was done; False where the message is gone (404, 409). Waits out the limits."""
        assert isinstance(self._who, Member)
        deadline = time.monotonic() + DEADLINE_S
        while True:
            answer = await self._who.person.http.request(method, path, json=body or None)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS or time.monotonic() > deadline:
                break
            await asyncio.sleep(float(answer.headers["retry-after"]) / 5)
        if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.CONFLICT) and "reactions" in path:
            return False
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return True


def _is_message(shown: Shown) -> bool:
    """Whether the account's message is somebody's, and not the text in the place of an edit or a reaction."""
    words = shown.text.split()
    is_token = any(word[:1] == "m" and word[1:].isdigit() for word in words)
    return not shown.is_mine and not shown.is_deleted and is_token and EDITED not in words
