"""A batch: keys apart from one another, each in order, poison put aside with its cause."""

import base64
from typing import Any

from chat4all.kafka.batch import Record, process_batch, process_groups, process_in_order
from chat4all.kafka.events import Event, encode
from chat4all.kafka.publisher import DeadLetter
from chat4all.kafka.topics import Topic

TOPIC = "chat4all.status_updates"
CONVERSATIONS = {letter: f"01939d5a-0000-7000-8000-00000000000{letter}" for letter in "abc"}
LETTERS = {conversation: letter for letter, conversation in CONVERSATIONS.items()}


class Aside:
    """Stands at the wire of the producer: what was put aside."""

    def __init__(self) -> None:
        self.letters: list[DeadLetter] = []

    def put_aside(self, letter: DeadLetter) -> None:
        self.letters.append(letter)


def batch(*records: tuple[int, str, int] | bytes) -> dict[str, Any]:
    """Records (partition, conversation, seq), or raw values on partition 0; offsets count up over all."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for offset, spec in enumerate(records):
        partition, key, value = (
            (0, "poison", spec) if isinstance(spec, bytes) else (spec[0], spec[1], value_of(*spec[1:]))
        )
        grouped.setdefault(f"{TOPIC}-{partition}", []).append(
            {
                "topic": TOPIC,
                "partition": partition,
                "offset": offset,
                "timestamp": 0,
                "timestampType": "CREATE_TIME",
                "key": base64.b64encode(key.encode()).decode(),
                "value": base64.b64encode(value).decode(),
                "headers": [],
            }
        )
    return {"eventSource": "aws:kafka", "records": grouped}


def value_of(letter: str, seq: int) -> bytes:
    conversation_id = CONVERSATIONS[letter]
    data = {
        "conversation_id": conversation_id,
        "seq": seq,
        "message_id": CONVERSATIONS["a"],
        "sender_id": CONVERSATIONS["a"],
        "recipient_id": CONVERSATIONS["b"],
        "channel": "telegram",
        "account_id": CONVERSATIONS["c"],
        "status": "sent",
        "time": 1,
    }
    return encode(Event(Topic.STATUS_UPDATES, "chat4all.delivery.updated.v1", conversation_id, data, 0))


def failed(answer: dict[str, Any]) -> list[tuple[str, int]]:
    return [(f["itemIdentifier"]["partition"], f["itemIdentifier"]["offset"]) for f in answer["batchItemFailures"]]


def test_a_failure_holds_back_its_own_conversation_only() -> None:
    handled: list[tuple[str, int]] = []

    def handle(record: Record) -> None:
        if (LETTERS[record.key], record.event["data"]["seq"]) == ("a", 2):
            raise RuntimeError("not now")
        handled.append((LETTERS[record.key], record.event["data"]["seq"]))

    event = batch((0, "a", 1), (0, "b", 1), (0, "a", 2), (0, "a", 3), (0, "b", 2), (1, "c", 1))
    answer = process_in_order(event, handle, Aside())  # type: ignore[arg-type]
    assert handled == [("a", 1), ("b", 1), ("b", 2), ("c", 1)]
    assert failed(answer) == [(f"{TOPIC}-0", 2), (f"{TOPIC}-0", 3)]


def test_poison_goes_to_the_dead_letters_with_its_cause_and_holds_back_nobody() -> None:
    aside = Aside()
    handled: list[str] = []
    event = batch(b"{broken", (0, "a", 1))
    answer = process_in_order(event, lambda record: handled.append(LETTERS[record.key]), aside)  # type: ignore[arg-type]
    assert failed(answer) == []
    assert handled == ["a"]
    (letter,) = aside.letters
    assert (letter.value, letter.offset) == (b"{broken", 0)
    assert "not JSON" in letter.cause


def test_a_tombstone_is_poison_too() -> None:
    aside = Aside()
    event = batch((0, "a", 1))
    del event["records"][f"{TOPIC}-0"][0]["value"]
    assert process_in_order(event, lambda record: None, aside) == {"batchItemFailures": []}  # type: ignore[arg-type]
    assert aside.letters[0].value is None


def test_a_group_that_raises_is_reported_whole_and_others_are_not() -> None:
    def handle(records: Any) -> Any:
        if LETTERS[records[0].key] == "a":
            raise RuntimeError("no")
        return ()

    answer = process_groups(batch((0, "a", 1), (0, "a", 2), (0, "b", 1)), handle, Aside())  # type: ignore[arg-type]
    assert failed(answer) == [(f"{TOPIC}-0", 0), (f"{TOPIC}-0", 1)]


def test_a_batch_keeps_the_order_of_each_key() -> None:
    seen: list[tuple[str, int]] = []

    def handle(records: Any) -> None:
        seen.extend((LETTERS[r.key], r.event["data"]["seq"]) for r in records)

    process_batch(batch((0, "a", 1), (0, "b", 1), (0, "a", 2)), handle, Aside())  # type: ignore[arg-type]
    assert [s for s in seen if s[0] == "a"] == [("a", 1), ("a", 2)]
    assert len(seen) == 3


def test_a_batch_that_fails_is_tried_record_by_record() -> None:
    seen: list[str] = []

    def handle(records: Any) -> None:
        if any(LETTERS[r.key] == "a" for r in records):
            raise RuntimeError("no")
        seen.extend(LETTERS[r.key] for r in records)

    aside = Aside()
    answer = process_batch(batch((0, "a", 1), (0, "b", 1), (1, "c", 1), b"{broken"), handle, aside)  # type: ignore[arg-type]
    assert seen == ["b", "c"]
    assert failed(answer) == [(f"{TOPIC}-0", 0)]
    assert len(aside.letters) == 1  # poison is put aside once, not once for each try
