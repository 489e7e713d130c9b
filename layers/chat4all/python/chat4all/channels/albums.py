"""Albums: parts that go in one call, while each stays a delivery of its own.

The first of them has what the provider answered for all (`Delivery.album`), in the same write that says that it was sent: whoever
comes to the others afterwards writes theirs from it. So a death after that write sends none of them twice.
Where the provider refuses the whole because of one of them, each is sent alone, and has its own fate.
"""

from collections.abc import Mapping, Sequence

from chat4all.channels.delivery_log import Answer
from chat4all.channels.outgoing import MediaPart, Part, Sent
from chat4all.stores.deliveries import Delivery


class Albums:
    """Of one message, in one run over its parts, in their order."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._known: dict[int, Answer] = {}
        self._refused: set[int] = set()

    def learn(self, delivery: Delivery) -> None:
        """What a part that is settled tells of those behind it."""
        for number, told in (delivery.album or {}).items():
            sent_at = int(delivery.sent_at or delivery.updated_at)
            self._known[int(number)] = Answer(told["external_id"], sent_at, told.get("note"))

    def answer_for(self, number: int) -> Answer | None:
        """What the provider answered for a part in the call of one before it."""
        return self._known.get(number)

    def together_with(self, number: int) -> Sequence[int]:
        """The parts that go with this one, the first that is not settled, in one call; itself alone where none do."""
        album = self._album(number)
        if not album or album in self._refused:
            return [number]
        return [n for n in range(number, len(self._parts)) if self._album(n) == album]

    def refuse(self, number: int) -> None:
        """Let those of its album go alone."""
        self._refused.add(self._album(number))

    def _album(self, number: int) -> int:
        part = self._parts[number]
        return part.album if isinstance(part, MediaPart) and part.file.gone is None else 0


def answer_of(numbers: Sequence[int], sent: Sequence[Sent], sent_at: int) -> Answer:
    """Of the first, with what was answered for the others."""
    others = {str(number): _told(one) for number, one in zip(numbers[1:], sent[1:], strict=True)}
    return Answer(sent[0].external_id, sent_at, sent[0].note, others)


def _told(sent: Sent) -> Mapping[str, str]:
    return {"external_id": sent.external_id} | ({"note": sent.note} if sent.note else {})
