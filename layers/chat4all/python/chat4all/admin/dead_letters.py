"""The dead letters of a deployment: found, and sent again to the topics that they came from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chat4all.admin.dead_letter_records import letters_in, replayed_origin
from chat4all.admin.errors import AdminError
from chat4all.admin.topic_reading import Topics
from chat4all.clock import now_ms
from chat4all.kafka.dead_letters import REPLAYED, SUFFIX, TIME, DeadLetter
from chat4all.kafka.events import CONTENT_TYPE
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.tracing.kafka_headers import headers_of


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant; every field that is given must fit."""

    ids: Sequence[str] = ()
    topic: str | None = None
    """The topic that the record was on."""
    cause: str | None = None
    """A part of the cause, whatever its case."""
    conversation: str | None = None
    consumer: str | None = None

    def fits(self, letter: DeadLetter) -> bool:
        return (
            (not self.ids or letter.origin in self.ids)
            and self.topic in (None, letter.topic)
            and (self.cause is None or self.cause.lower() in letter.cause.lower())
            and (self.conversation is None or letter.key == self.conversation.encode())
            and self.consumer in (None, letter.consumer)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One letter. It is open until it was replayed."""

    letter: DeadLetter
    replayed_at: int | None


def find(topics: Topics, wanted: Filter) -> list[Found]:
    """Letters by origin, oldest first; of letters of the same origin, as a death may leave them, the last.

    Raises:
        AdminError: there is no such topic or letter.
    """
    names = sorted(name for name in topics.names() if name.endswith(SUFFIX))
    if wanted.topic is not None and wanted.topic + SUFFIX not in names:
        known = ", ".join(name.removesuffix(SUFFIX) for name in names) or "none"
        raise AdminError(f"there is no topic {wanted.topic}{SUFFIX}; topics with dead letters are: {known}")
    found: dict[str, Found] = {}
    for name in names:
        if wanted.topic in (None, name.removesuffix(SUFFIX)):
            found |= _of_topic(topics, name)
    missing = [each for each in wanted.ids if each not in found]
    if missing:
        raise AdminError(f"there is no dead letter {missing[0]}: ids look like chat4all.messages-0@15")
    chosen = [each for each in found.values() if wanted.fits(each.letter)]
    return sorted(chosen, key=lambda each: (each.letter.time_ms, each.letter.origin))


def _of_topic(topics: Topics, name: str) -> dict[str, Found]:
    letters: dict[str, DeadLetter] = {}
    marks: dict[str, int] = {}
    for record in topics.read(name):
        origin = replayed_origin(record)
        if origin is not None:
            marks[origin] = record.timestamp
        else:
            letters |= {letter.origin: letter for letter in letters_in(record)}
    return {origin: Found(letter, marks.get(origin)) for origin, letter in letters.items()}


def replayable(topics: Topics, letter: DeadLetter) -> DeadLetter:
    """With its value; a mapping leaves out one that is too large, and it is read where it came from.

    Raises:
        AdminError: nothing can be sent again.
    """
    if letter.partition < 0:
        raise AdminError(f"{letter.origin}: {letter.cause}; it is not known where it belongs")
    if letter.value is not None:
        return letter
    record = topics.record_at(letter.topic, letter.partition, letter.offset)
    if record is None or record.value is None:
        raise AdminError(f"{letter.origin}: the letter has no value, and the topic no longer has the record")
    return replace(letter, key=record.key, value=record.value)


def replay(publisher: Publisher, letters: Iterable[DeadLetter]) -> Iterator[DeadLetter]:
    """Send each to its topic, then mark it; yields those done. A death between leaves one open, which consumers notice.

    Raises:
        AdminError: Kafka did not take one; those that were yielded are done.
    """
    for letter in letters:
        try:
            headers = [("content-type", CONTENT_TYPE), (REPLAYED, letter.origin.encode()), *headers_of(letter.trace)]
            publisher.send_as_is(letter.topic, letter.key, letter.value, headers)
            mark = [(REPLAYED, letter.origin.encode()), (TIME, str(now_ms()).encode())]
            publisher.send_as_is(letter.topic + SUFFIX, letter.key, None, mark)
        except PublishFailed as error:
            raise AdminError(f"{letter.origin} was not sent: {error}. Run it again to go on from here.") from error
        yield letter
