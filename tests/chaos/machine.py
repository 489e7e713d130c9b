"""The workload as a state machine: hypothesis looks for a sequence of acts after which a promise does not hold.

The model is what was acknowledged: who repeats is answered alike, other content is refused, who is no member is told nothing,
and at the end the whole record is checked as that of a long run.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, precondition, rule

from tests.chaos.crowd import Crowd, Room
from tests.chaos.device import EDITED
from tests.chaos.history import Call
from tests.chaos.person import Person, new_message_id
from tests.chaos.stage import Stage

TRIES = 60
FUNCTIONS = (
    "MessagesSendFunction", "RouterFunction", "RealtimeFunction", "TelegramSendFunction", "WebsocketActionsFunction",
)  # fmt: skip
who = st.integers(0, 3)
where = st.integers(0, 2)


@dataclass
class Said:
    """A message that was acknowledged."""

    room: Room
    sender: Person
    message_id: str
    content: str
    seq: int


class Conversations(RuleBasedStateMachine):
    """Acts of four people in three conversations, one of them with a phone."""

    stage: ClassVar[Stage]
    said = Bundle("said")

    def __init__(self) -> None:
        super().__init__()
        self.crowd: Crowd = self.stage.begin()
        self._random = Random(0)
        self._model: dict[str, dict[str, Said]] = {room.id: {} for room in self.crowd.rooms}

    @initialize(seed=st.integers(0, 2**32))
    def names(self, seed: int) -> None:
        """Message ids are of the example, so that it can be run again; nobody else has had them."""
        self._random = Random(f"{seed} {self.crowd.recorder.file}")

    @rule(target=said, where=where, who=who, by_socket=st.booleans())
    def send(self, where: int, who: int, by_socket: bool) -> object:
        return self._send(where, who, by_socket=by_socket)

    @rule(target=said, where=where, who=who, after_s=st.floats(0, 0.05))
    def send_and_lose_the_answer(self, where: int, who: int, after_s: float) -> object:
        return self._send(where, who, cut_after_s=after_s)

    @rule(target=said, original=said, who=who)
    def answer(self, original: Said, who: int) -> object:
        return self._send(self.crowd.rooms.index(original.room), who, reply_to=original.message_id)

    @rule(original=said, by_socket=st.booleans())
    def repeat(self, original: Said, by_socket: bool) -> None:
        """Answered as the first time, also when the sender has left since."""
        call = self._until_known(original.room, original.sender, original.message_id, original.content, None, by_socket)
        assert (call.outcome, call.seq) == ("ok", original.seq)

    @rule(original=said)
    def use_its_id_for_something_else(self, original: Said) -> None:
        other = original.content + " other"
        call = self._until_known(original.room, original.sender, original.message_id, other, None, by_socket=False)
        assert call.code == 409

    @rule(original=said)
    def edit(self, original: Said) -> None:
        content = f"{original.message_id}{EDITED}{self._random.getrandbits(40):x}"
        call = self.stage.do(original.sender.edit(original.room.id, original.message_id, content))
        if original.sender not in original.room.members:
            assert call.outcome != "ok"

    @rule(where=where, who=who)
    def read(self, where: int, who: int) -> None:
        """All that has arrived."""
        room, reader = self.crowd.rooms[where], self.stage.people[who]
        held = self.crowd.devices[reader.id].held.get(room.id)
        if reader in room.members and held is not None and held.through:
            self.stage.do(reader.receipt(room.id, held.through))

    @rule(where=where, who=who)
    def read_what_does_not_exist(self, where: int, who: int) -> None:
        self.stage.do(self.stage.people[who].receipt(self.crowd.rooms[where].id, 2**40, "refused"))

    @precondition(lambda self: len(self.crowd.rooms[1].members) > 1)
    @rule()
    def leave_the_group(self) -> None:
        group = self.crowd.rooms[1]
        leaver = group.members.pop()
        self._until_certain(lambda: leaver.leave(group.id))

    @precondition(lambda self: len(self.crowd.rooms[1].members) < 4)
    @rule()
    def join_the_group(self) -> None:
        group = self.crowd.rooms[1]
        newcomer = next(person for person in self.stage.people if person not in group.members)
        call = self._until_certain(lambda: group.members[0].join(group.id, newcomer))
        if call.outcome == "ok" or call.code == 409:
            group.members.append(newcomer)

    @rule(who=who, abruptly=st.booleans())
    def reconnect(self, who: int, abruptly: bool) -> None:
        self.stage.do(self.crowd.devices[self.stage.people[who].id].reconnect(abruptly=abruptly))

    @rule(who=who)
    def sync(self, who: int) -> None:
        self.stage.do(self.crowd.devices[self.stage.people[who].id].sync())

    @rule()
    def say_on_the_phone(self) -> None:
        self.stage.do(self.crowd.phones[0].say())

    @rule(function=st.sampled_from(FUNCTIONS))
    def kill(self, function: str) -> None:
        self.stage.world.send_signal(self.stage.world.pids(function), signal.SIGKILL)

    @rule(where=where)
    def look(self, where: int) -> None:
        """The history has every message of the model at its number."""
        room = self.crowd.rooms[where]
        reader = room.members[0]
        first = min((said.seq for said in self._model[room.id].values()), default=1)
        answer = self.stage.do(
            reader.request("GET", f"/v1/conversations/{room.id}/messages?after_seq={first - 1}&limit=100")
        )
        if answer.code == 200:
            found = {item["message_id"]: item["seq"] for item in answer.body["items"]}
            assert {said.message_id: said.seq for said in self._model[room.id].values()}.items() <= found.items()

    def teardown(self) -> None:
        file, violations = self.stage.end(self.crowd)
        assert not violations, "\n".join([*map(str, violations), f"the record: {file}"])

    def _send(
        self,
        where: int,
        who: int,
        *,
        by_socket: bool = False,
        cut_after_s: float | None = None,
        reply_to: str | None = None,
    ) -> object:
        room, sender = self.crowd.rooms[where], self.stage.people[who]
        message_id = new_message_id(self._random)
        content = f"{message_id} text"
        if cut_after_s is not None:
            self.stage.do(sender.send(room.id, message_id, content, reply_to, cut_after_s))
        call = self._until_known(room, sender, message_id, content, reply_to, by_socket)
        if sender not in room.members:
            assert call.code == 404
            return multiple()
        assert call.outcome == "ok"
        said = Said(room, sender, message_id, content, call.seq or 0)
        self._model[room.id][message_id] = said
        return said

    def _until_known(
        self, room: Room, sender: Person, message_id: str, content: str, reply_to: str | None, by_socket: bool
    ) -> Call:
        device = self.crowd.devices[sender.id]

        async def try_again() -> Call:
            if by_socket and device.connection:
                return await device.send(room.id, message_id, content, reply_to)
            return await sender.send(room.id, message_id, content, reply_to)

        return self._until_certain(try_again)

    def _until_certain(self, ask: Callable[[], Awaitable[Call]]) -> Call:
        async def asking() -> Call:
            for _ in range(TRIES):
                call = await ask()
                if call.outcome != "unknown" and call.code != 429:
                    break
                await asyncio.sleep(0.3)
            return call

        return self.stage.do(asking())
