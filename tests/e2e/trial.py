"""A fault under a steady load, and what came of it: nothing lost, doubled or reordered, and how long what took."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.e2e.people import Person, Socket
from tests.e2e.steady_load import Sent, arrivals, longest_gap, steady_load, until_arrived

BEFORE_S, AFTER_S, BACK_S = 1.5, 2.5, 120.0
ARRIVED_S = 120.0
"""Above the 60 s in which a message must be routed (design.md 6): other tests may keep the machine busy."""


@dataclass(frozen=True)
class Outcome:
    """What came of one fault. Times in seconds."""

    accepted: int
    refused: int
    """Answers 503 with Retry-After; each was repeated until it was accepted."""
    wrong: tuple[str, ...]
    """Answers that may not be: another code, or 503 without Retry-After."""
    lost: int
    doubled: int
    """In the history more than once, or not at all."""
    reordered: int
    """Pushes with a lower number than the one before, in one conversation."""
    window_s: float
    """The longest time without any push."""
    answer_p50_s: float
    answer_max_s: float
    arrived_max_s: float
    """From a 202 to its push."""
    back_s: float
    """From the fault until `is_back` held again."""

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.reordered or self.wrong)


def verdict(outcomes: Sequence[Outcome]) -> int:
    """Says what came of a drill, broken promises on standard error; the exit code of its command."""
    broken = [outcome for outcome in outcomes if not outcome.holds]
    for outcome in broken:
        print(outcome, file=sys.stderr)
    sent = sum(outcome.accepted for outcome in outcomes)
    print("\nA PROMISE WAS BROKEN" if broken else f"\n{sent} messages: nothing was lost, doubled or reordered")
    return 1 if broken else 0


class Trial:
    """People who talk to `reader`, whose open `socket` gets what they say."""

    def __init__(
        self,
        talks: Sequence[tuple[Person, str]],
        reader: Person,
        socket: Socket,
        is_back: Callable[[], bool],
        *,
        pause_s: float = 0.12,
        back_within_s: float = BACK_S,
    ) -> None:
        """`is_back` tells whether what the fault broke is whole again; a sender waits `pause_s` after each message."""
        self._pause_s = pause_s
        self._back_within_s = back_within_s
        self._talks = talks
        self._reader = reader
        self._socket = socket
        self._is_back = is_back

    async def run(self, fault: Callable[[], None]) -> Outcome:
        """Break it under load, wait until it is whole and everything has arrived. Raises TimeoutError where it stays broken."""
        async with steady_load(self._talks, self._pause_s) as sent:
            await asyncio.sleep(BEFORE_S)
            hit = time.monotonic()
            await asyncio.to_thread(fault)
            await asyncio.sleep(AFTER_S)
            back = await self._until_back(hit)
        missing = await until_arrived(self._socket, sent, ARRIVED_S)
        first = arrivals(self._socket)
        codes = Counter(code for one in sent for code in one.answers)
        answers = sorted(seconds for one in sent for seconds in one.seconds)
        wrong = [f"{count} answers {code}" for code, count in codes.items() if code not in (202, 503)]
        wrong += ["503 without Retry-After" for one in sent if one.without_retry_after]
        return Outcome(
            accepted=codes[202],
            refused=codes[503],
            wrong=tuple(wrong),
            lost=len(missing),
            doubled=await self._doubled(sent),
            reordered=reordered(first),
            window_s=longest_gap([at for at, _, _ in first.values() if at > hit - BEFORE_S]),
            answer_p50_s=answers[len(answers) // 2],
            answer_max_s=answers[-1],
            arrived_max_s=max(first[one.message_id][0] - one.accepted for one in sent if one.message_id not in missing),
            back_s=back,
        )

    async def _until_back(self, hit: float) -> float:
        async with asyncio.timeout(self._back_within_s):
            while not await asyncio.to_thread(self._is_back):
                await asyncio.sleep(0.2)
        return time.monotonic() - hit

    async def _doubled(self, sent: Sequence[Sent]) -> int:
        wanted = Counter(one.message_id for one in sent)
        found: Counter[str] = Counter()
        for _, conversation in self._talks:
            cursor = {}
            while True:
                page = await self._reader.history(conversation, limit=100, **cursor)
                found.update(item["message_id"] for item in page["items"])
                if not page["next_cursor"]:
                    break
                cursor = {"cursor": page["next_cursor"]}
        return sum(found[message_id] != 1 for message_id in wanted)


def reordered(first: dict[str, tuple[float, int, str]]) -> int:
    """How many of `arrivals` came with a lower number than the one before, in their conversation."""
    by_conversation: dict[str, list[int]] = {}
    for _, seq, conversation in sorted(first.values()):
        by_conversation.setdefault(conversation, []).append(seq)
    return sum(earlier > later for seqs in by_conversation.values() for earlier, later in pairwise(seqs))
