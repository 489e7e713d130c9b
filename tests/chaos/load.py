"""The workload: everybody does everything at once, at a rate, by a seeded chance. Who gets no answer repeats with the same id."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from tests.chaos.crowd import Crowd, Room
from tests.chaos.device import EDITED
from tests.chaos.history import EMOJIS, Call, Recorder
from tests.chaos.person import Person, new_message_id

IN_FLIGHT = 48
"""Acts at once: what waits for a broken system holds back new acts, as patient clients do."""
GIVES_UP = 0.04
"""Of the senders that get no answer, so many never ask again: their message may be there, or not."""
TRIES = 200
RETRY_S = (0.2, 1.5)
PER_MESSAGE: Mapping[str, float] = {
    "receipt": 0.10, "false_receipt": 0.005, "edit": 0.04, "status": 0.05, "page": 0.05, "sync": 0.02, "reconnect": 0.006,
    "membership": 0.006, "say": 0.02, "say_file": 0.004, "reaction": 0.06,
}  # fmt: skip
"""How often the other acts happen, for each message."""
WORDS = "olá 漢字 🙂 <b>x</b> the quick brown fox"
BURST = 1.5
"""A burst asks for so many times what the limit allows at once."""


@dataclass
class Load:
    """`run` until it is cancelled; `drain` waits for what is under way."""

    crowd: Crowd
    random: Random
    rate: float
    """Messages a second; may be changed while it runs."""
    edits: bool = True
    sent: int = 0
    """Messages begun."""
    acknowledged: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _mistakes: list[BaseException] = field(default_factory=list)

    @property
    def recorder(self) -> Recorder:
        return self.crowd.recorder

    async def run(self) -> None:
        """One message after the other by the clock, whether earlier ones are answered or not."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self._mistakes:
            due = max(due + self.random.expovariate(self.rate), loop.time() - 1.0)
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._room_for_more()
            self._start("message", self._message(self._room()))
            for act, share in PER_MESSAGE.items():
                if self.random.random() < share:
                    self._start(act, self._acts[act]())

    async def probe(self) -> None:
        """A message in each conversation now: how long until it flows again?"""
        for room in self.crowd.rooms:
            self._start("message", self._message(room))

    async def burst(self, size: int) -> None:
        """One person sends more at once than the limit allows."""
        room = self.random.choice(self.crowd.rooms)
        sender = self.random.choice(room.members)
        for _ in range(size):
            message_id = new_message_id(self.random)
            self._start("burst", self._once(sender, room, message_id))

    async def drain(self) -> None:
        """Wait until every act is done; raises the mistakes of the harness that they met."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))
        if self._mistakes:
            raise self._mistakes[0]

    async def _room_for_more(self) -> None:
        while len(self._under_way) >= IN_FLIGHT:
            await asyncio.wait(set(self._under_way), return_when=asyncio.FIRST_COMPLETED)

    def _start(self, name: str, act: Awaitable[None]) -> None:
        async def doing() -> None:
            await act

        self.acts[name] += 1
        task = asyncio.create_task(doing(), name=name)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (mistake := task.exception()) is not None:
            self._mistakes.append(mistake)

    @property
    def _acts(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {
            "receipt": self._receipt, "false_receipt": self._false_receipt, "edit": self._edit, "status": self._status,
            "page": self._page, "sync": self._sync, "reconnect": self._reconnect, "membership": self._membership,
            "say": self._say, "say_file": self._say_file, "reaction": self._reaction,
        }  # fmt: skip

    def _room(self) -> Room:
        rooms = self.crowd.rooms
        return self.random.choices(rooms, [room.weight for room in rooms])[0]

    # --- sending
    async def _message(self, room: Room) -> None:
        """A message until it is acknowledged; by each way, and with each of the ways in which clients repeat."""
        draw = self.random
        sender, message_id = draw.choice(room.members), new_message_id(draw)
        self.sent += 1
        reply_to = draw.choice(room.accepted[-5:])[0] if room.accepted and draw.random() < 0.15 else None
        self.crowd.arrivals.begun(message_id, sender.id, self.recorder.now())
        content = f"{message_id} {WORDS}"
        habit, gives_up = draw.random(), draw.random() < GIVES_UP
        if habit < 0.02:  # the answer is lost, or the request is cut on its way
            await sender.send(room.id, message_id, content, reply_to, cut_after_s=draw.uniform(0.0, 0.06))
        elif habit < 0.04:  # a client that sends everything three times at once
            await asyncio.gather(*(sender.send(room.id, message_id, content, reply_to) for _ in range(3)))
        by_socket = draw.random() < 0.25
        accepted = await self._until_accepted(sender, room, message_id, content, reply_to, by_socket, gives_up)
        if accepted is None:
            return
        self.acknowledged += 1
        room.accepted.append((message_id, sender))
        del room.accepted[:-20]
        room.last_seq = max(room.last_seq, accepted.seq or 0)
        if 0.04 < habit < 0.08:
            await sender.send(room.id, message_id, content, reply_to)
        elif 0.08 < habit < 0.09:
            await sender.send(room.id, message_id, content + " other", reply_to)

    async def _until_accepted(
        self,
        sender: Person,
        room: Room,
        message_id: str,
        content: str,
        reply_to: str | None,
        by_socket: bool,
        gives_up: bool,
    ) -> Call | None:
        pause = RETRY_S[0]
        for _ in range(TRIES):
            device = self.crowd.devices[sender.id]
            if by_socket and device.connection:
                call = await device.send(room.id, message_id, content, reply_to)
            else:
                call = await sender.send(room.id, message_id, content, reply_to)
            if call.outcome == "ok":
                return call
            if call.outcome == "refused" and call.code != 429:
                return None  # no member any more
            if call.outcome == "unknown" and gives_up:
                return None
            await asyncio.sleep(pause * self.random.uniform(0.5, 1.0))
            pause = min(pause * 2, RETRY_S[1])
        return None

    async def _once(self, sender: Person, room: Room, message_id: str) -> None:
        self.sent += 1
        call = await sender.send(room.id, message_id, f"{message_id} burst")
        if call.outcome == "ok":
            self.acknowledged += 1
            room.last_seq = max(room.last_seq, call.seq or 0)

    # --- the rest
    async def _receipt(self) -> None:
        room = self.random.choice(self.crowd.rooms)
        reader = self.random.choice(room.members)
        held = self.crowd.devices[reader.id].held.get(room.id)
        if held is not None and held.through:
            await reader.receipt(room.id, held.through)

    async def _false_receipt(self) -> None:
        """Of what does not exist."""
        room = self.random.choice(self.crowd.rooms)
        await self.random.choice(room.members).receipt(room.id, room.last_seq + 100_000, "refused")

    async def _edit(self) -> None:
        room = self.random.choice(self.crowd.rooms)
        if not self.edits or not room.accepted:
            return
        message_id, sender = self.random.choice(room.accepted[-10:])
        await sender.edit(room.id, message_id, f"{message_id}{EDITED}{self.random.getrandbits(40):x}")

    async def _status(self) -> None:
        room = self.random.choice(self.crowd.rooms)
        if room.accepted:
            await self.random.choice(room.members).status(room.id, self.random.choice(room.accepted[-10:])[0])

    async def _page(self) -> None:
        room = self.random.choice(self.crowd.rooms)
        after = max(0, room.last_seq - self.random.randint(0, 30))
        await self.random.choice(room.members).page(room.id, after, self.random.choice((5, 20, 100)))

    async def _sync(self) -> None:
        await self.crowd.devices[self.random.choice(self.crowd.people).id].sync()

    async def _reconnect(self) -> None:
        device = self.crowd.devices[self.random.choice(self.crowd.people).id]
        await device.reconnect(abruptly=self.random.random() < 0.5)

    async def _say(self) -> None:
        if self.crowd.phones:
            await self.random.choice(self.crowd.phones).say()

    async def _say_file(self) -> None:
        if self.crowd.phones:
            await self.random.choice(self.crowd.phones).say(with_file=True)

    async def _reaction(self) -> None:
        """Put or taken away by anybody; also twice the same, and what was never put."""
        room = self.random.choice(self.crowd.rooms)
        if room.accepted:
            reacting, message_id = self.random.choice(room.members), self.random.choice(room.accepted[-10:])[0]
            emoji, remove = self.random.choice(EMOJIS), self.random.random() < 0.3
            await reacting.react(room.id, message_id, emoji, remove=remove)

    async def _membership(self) -> None:
        """Somebody who is no owner leaves a group, or somebody new joins; until it is certain, nobody counts on them."""
        groups = [room for room in self.crowd.rooms if room.type == "group" and not room.changing]
        if not groups:
            return
        room = self.random.choice(groups)
        room.changing = True
        try:
            await self._change(room)
        finally:
            room.changing = False

    async def _change(self, room: Room) -> None:
        owner, *others = room.members
        outside = [person for person in self.crowd.people if person not in room.members]
        if len(others) > 2 or not outside:
            leaver = self.random.choice(others)
            room.members.remove(leaver)
            await self._until_certain(lambda: leaver.leave(room.id))
        else:
            newcomer = self.random.choice(outside)
            call = await self._until_certain(lambda: owner.join(room.id, newcomer))
            if call.outcome == "ok" or call.code == 409:
                room.members.append(newcomer)

    async def _until_certain(self, ask: Callable[[], Awaitable[Call]]) -> Call:
        for _ in range(TRIES):
            call = await ask()
            if call.outcome != "unknown":
                break
            await asyncio.sleep(RETRY_S[1])
        return call
