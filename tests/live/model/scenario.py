"""People who use their devices, and what goes wrong meanwhile: drawn from a seed, so that fewer steps are a part of more."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from chat4all_client.errors import ApiError
from tests.live.model import checks
from tests.live.model.device import Device
from tests.live.model.entries import REACT
from tests.live.model.network import Faults, Network
from tests.live.model.server import TOKEN_S, Refused, Server

Json = dict[str, Any]
WORDS = ("yes", "no", "see you", "where?", "ok", "later", "naïve", "मिलते हैं", "🎉")
EMOJIS = ("👍", "❤️", "😂")
FAULTS = Faults(lost=0.02, doubled=0.05, disordered=0.05, dropped=0.004, unanswered=0.05, strange=0.005, truncated=0.03)


@dataclass(frozen=True)
class Size:
    """How much is done."""

    steps: int
    devices: tuple[str, ...] = ("ana", "ana", "bob", "bob", "cy", "dan")
    """Their users."""
    conversations: int = 3
    pace_s: float = 0.3
    """Between two steps, on the average."""
    settled_s: float = 300.0
    """So long it may take, of the model's time, until everybody has everything."""


class Scenario:
    """`run` plays it and checks its end; raises checks.Differs.

    With an even seed the server keeps its word: an event arrives, or its connection ends; then everybody has everything without
    asking again. With an odd one events are lost in silence, and at the end everybody connects once more.
    """

    def __init__(self, seed: int, size: Size, folder: Path) -> None:
        self.chance = Random(seed)
        self.size = size
        self.server = Server(Random(seed + 1), trouble=0.02)
        self.loses = seed % 2 == 1
        self.network = Network(self.server, Random(seed + 2), FAULTS if self.loses else replace(FAULTS, lost=0.0))
        self.devices = [
            Device(self.network, user_id, folder / f"{user_id}-{number}.sqlite", Random(seed + 3 + number))
            for number, user_id in enumerate(size.devices)
        ]
        self.users = list(dict.fromkeys(size.devices))
        self.counts: dict[str, int] = {}

    async def run(self) -> None:
        """All of it."""
        try:
            await self._play()
            await self._settle()
            for device in self.devices:
                await checks.check(self.server, device)
            await checks.check_said(self.server, self.devices)
        finally:
            await asyncio.gather(*(device.die() for device in self.devices))

    async def _play(self) -> None:
        for number in range(self.size.conversations):
            self.server.create(f"c{number}", self.users)
        await asyncio.gather(*(device.start() for device in self.devices))
        names, weights = list(STEPS), [weight for weight, _ in STEPS.values()]
        for _ in range(self.size.steps):
            name = self.chance.choices(names, weights)[0]
            device = self.chance.choice(self.devices)
            await STEPS[name][1](self, device)
            self.counts[name] = self.counts.get(name, 0) + 1
            await asyncio.sleep(self.chance.expovariate(1 / self.size.pace_s))

    async def _settle(self) -> None:
        """Nothing goes wrong any more; wait until everybody has everything."""
        self.network.faults, self.server.trouble, self.network.is_away = Faults(), 0.0, False
        for device in self.devices:
            if device.live is None:
                await device.start()
        await self._until(
            lambda: not self.server.late and all(c.routed == c.taken for c in self.server.conversations.values())
        )
        for wire in list(self.network.wires) if self.loses else ():
            wire.drop()
        await self._until(self._are_live)
        await self._until(self._is_all_sent)
        await asyncio.sleep(60)
        for device in self.devices:
            await _load_all(device)
        await asyncio.sleep(60)

    def _are_live(self) -> bool:
        return all(device.live is not None and device.live.state == "live" for device in self.devices)

    def _is_all_sent(self) -> bool:
        stores = [device.live._store for device in self.devices if device.live is not None]
        return not any(store.outbox.waiting() for store in stores)

    async def _until(self, holds: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.size.settled_s
        while not holds():
            if loop.time() > deadline:
                states = [(d.path.name, d.live.state if d.live else None) for d in self.devices]
                raise checks.Differs(f"not settled within {self.size.settled_s} s: {holds.__name__}, {states}")
            await asyncio.sleep(1)

    async def _conversation(self, device: Device) -> str | None:
        """One of those that the device knows."""
        ids = sorted(one["id"] for one in await device.live.conversations()) if device.live is not None else []
        return self.chance.choice(ids) if ids else None

    async def _message(self, device: Device, *, own: bool) -> Json | None:
        """One of the newest that the device holds."""
        conversation_id = await self._conversation(device)
        if device.live is None or conversation_id is None:
            return None
        held = [m for m in await device.live.messages(conversation_id, 20) if "seq" in m]
        found = [m for m in held if not own or m["sender_id"] == device.user_id]
        if found and not own and self.chance.random() < 0.5:
            return found[-1]  # about what was said a moment ago, which others may not have yet
        return self.chance.choice(found) if found else None


async def _load_all(device: Device) -> None:
    assert device.live is not None
    for conversation in await device.live.conversations():
        try:
            while await device.live.older(conversation["id"]):
                pass
        except ApiError as error:
            raise checks.Differs(f"{device.path.name}: holds {conversation['id']}: {error}") from error


async def _say(scenario: Scenario, device: Device) -> None:
    conversation_id = await scenario._conversation(device)
    if conversation_id is None:
        return
    chance = scenario.chance
    answered = await scenario._message(device, own=False) if chance.random() < 0.1 else None
    is_here = answered is not None and answered["conversation_id"] == conversation_id
    text = "refused" if chance.random() < 0.01 else " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))
    await device.say(conversation_id, text, answered["message_id"] if answered is not None and is_here else None)


async def _edit(scenario: Scenario, device: Device) -> None:
    message = await scenario._message(device, own=True)
    if message is not None and device.live is not None:
        device.do(device.live.edit(message["message_id"], f"{scenario.chance.choice(WORDS)}, better"))


async def _unsend(scenario: Scenario, device: Device) -> None:
    message = await scenario._message(device, own=True)
    if message is not None and device.live is not None:
        device.do(device.live.unsend(message["message_id"]))


async def _react(scenario: Scenario, device: Device) -> None:
    message = await scenario._message(device, own=False)
    if message is not None and device.live is not None:
        remove = scenario.chance.random() < 0.3
        device.do(device.live.react(message["message_id"], scenario.chance.choice(EMOJIS), remove=remove))


async def _reacted_at_once(scenario: Scenario, device: Device) -> None:
    """A program reacts to what somebody has just said: both are told at once, and the reaction may overtake the message."""
    chance, server = scenario.chance, scenario.server
    conversation = chance.choice(sorted(server.conversations.values(), key=lambda c: c.id))
    sender, program = chance.sample(sorted(conversation.members), 2)
    message_id = str(UUID(int=chance.getrandbits(128), version=4))
    said = {"message_id": message_id, "conversation_id": conversation.id, "content": chance.choice(WORDS)}
    with suppress(Refused):
        await server.send(sender, said)
        await server.change(program, REACT, {"message_id": message_id, "emoji": chance.choice(EMOJIS)})


async def _read(scenario: Scenario, device: Device) -> None:
    message = await scenario._message(device, own=False)
    if message is not None and message["sender_id"] != device.user_id:
        await device.has_read(message["conversation_id"], message["seq"])


async def _type(scenario: Scenario, device: Device) -> None:
    conversation_id = await scenario._conversation(device)
    if device.live is not None and conversation_id is not None:
        device.live.watch(conversation_id)
        device.do(device.live.typing(conversation_id))


async def _older(scenario: Scenario, device: Device) -> None:
    conversation_id = await scenario._conversation(device)
    if device.live is not None and conversation_id is not None:
        device.do(device.live.older(conversation_id, scenario.chance.randint(1, 20)))


async def _resend(scenario: Scenario, device: Device) -> None:
    conversation_id = await scenario._conversation(device)
    if device.live is None or conversation_id is None:
        return
    failed = [m for m in await device.live.messages(conversation_id) if m.get("local") == "failed"]
    if failed:
        await device.live.resend(failed[0]["message_id"])


async def _drop(scenario: Scenario, device: Device) -> None:
    for wire in list(scenario.network.wires):
        if wire.user_id == device.user_id and scenario.chance.random() < 0.7:
            wire.drop()


async def _reload(scenario: Scenario, device: Device) -> None:
    await device.die()
    if scenario.chance.random() < 0.5:
        await device.start()


async def _start(scenario: Scenario, device: Device) -> None:
    if device.live is None:
        await device.start()


async def _save(scenario: Scenario, device: Device) -> None:
    device.save()


async def _put_back(scenario: Scenario, device: Device) -> None:
    await device.die()
    device.put_back()
    await device.start()


async def _wipe(scenario: Scenario, device: Device) -> None:
    await device.die()
    device.wipe()
    await device.start()


async def _away(scenario: Scenario, device: Device) -> None:
    scenario.network.is_away = True
    for wire in list(scenario.network.wires):
        wire.drop()
    await asyncio.sleep(scenario.chance.uniform(1, 60))
    scenario.network.is_away = False


async def _sleep(scenario: Scenario, device: Device) -> None:
    await device.die()
    await asyncio.sleep(TOKEN_S * scenario.chance.uniform(0.5, 1.5))


async def _come_or_go(scenario: Scenario, device: Device) -> None:
    chance, server = scenario.chance, scenario.server
    conversation = chance.choice(sorted(server.conversations.values(), key=lambda c: c.id))
    others = [user_id for user_id in scenario.users if user_id not in conversation.members]
    if others and chance.random() < 0.6:
        server.join(conversation, chance.choice(others))
    elif len(conversation.members) > 2:
        server.leave(conversation, chance.choice(sorted(conversation.members)))


async def _rename(scenario: Scenario, device: Device) -> None:
    conversation = scenario.chance.choice(sorted(scenario.server.conversations.values(), key=lambda c: c.id))
    scenario.server.rename(conversation, f"title {scenario.chance.randint(0, 999)}")


async def _create(scenario: Scenario, device: Device) -> None:
    members = [device.user_id, *(user_id for user_id in scenario.users if user_id != device.user_id)]
    scenario.server.create(
        f"c{len(scenario.server.conversations)}", members[: scenario.chance.randint(2, len(members))]
    )


STEPS: Mapping[str, tuple[float, Callable[[Scenario, Device], Awaitable[None]]]] = {
    "say": (60, _say),
    "edit": (7, _edit),
    "unsend": (2, _unsend),
    "react": (9, _react),
    "reacted at once": (3, _reacted_at_once),
    "read": (6, _read),
    "type": (2, _type),
    "older": (3, _older),
    "resend": (0.5, _resend),
    "drop": (3, _drop),
    "reload": (1.5, _reload),
    "start": (4, _start),
    "save": (1, _save),
    "put back": (0.5, _put_back),
    "wipe": (0.5, _wipe),
    "away": (0.2, _away),
    "sleep": (0.1, _sleep),
    "come or go": (0.8, _come_or_go),
    "rename": (0.5, _rename),
    "create": (0.1, _create),
}
"""{name: (weight, what is done)}."""
