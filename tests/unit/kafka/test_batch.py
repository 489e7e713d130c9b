"""A batch: lanes apart from one another, each in order; what fails is parked, poison dead, and in an outage all comes again."""

import json
import re
import threading
from typing import Any

import pytest

import chat4all.kafka.batch
from chat4all.kafka.batch import process_batch, process_groups, process_in_order
from chat4all.kafka.publisher import PublishFailed
from chat4all.kafka.record import Record
from chat4all.retries.trouble import Waiting
from tests.unit.kafka.batches import CONVERSATIONS, TOPIC, Kept, batch, failed, raw, said, value_of

A = CONVERSATIONS["a"]


def in_order(event: dict[str, Any], handle: Any, kept: Kept, **options: Any) -> dict[str, Any]:
    return process_in_order(event, handle, kept, **options)  # type: ignore[arg-type]


def failing(handled: list[tuple[str, int]], *bad: tuple[str, int], error: Exception | None = None) -> Any:
    """A handler that fails for `bad` and notes the rest."""

    def handle(record: Record) -> None:
        if said(record) in bad:
            raise error or RuntimeError("not now")
        handled.append(said(record))

    return handle


def test_a_failure_parks_itself_and_what_stands_behind_it_and_holds_back_nobody_else() -> None:
    handled: list[tuple[str, int]] = []
    kept = Kept()
    event = batch((0, "a", 1), (0, "b", 1), (0, "a", 2), (0, "a", 3), (0, "b", 2), (1, "c", 1))
    answer = in_order(event, failing(handled, ("a", 2)), kept)
    assert handled == [("a", 1), ("b", 1), ("b", 2), ("c", 1)]
    assert kept.parked == {A: [2, 3]}
    assert kept.causes == ["RuntimeError: not now"]
    assert failed(answer) == []


def test_what_comes_later_for_a_lane_with_something_parked_is_parked_behind_it() -> None:
    handled: list[tuple[str, int]] = []
    kept = Kept(parked={A: [0]})
    assert failed(in_order(batch((0, "a", 2), (0, "b", 1)), failing(handled), kept)) == []
    assert handled == [("b", 1)]
    assert kept.parked == {A: [0, 0]}


def test_where_order_does_not_matter_nothing_waits_behind_a_failure() -> None:
    handled: list[tuple[str, int]] = []
    kept = Kept(parked={A: [0]})
    in_order(batch((0, "a", 2)), failing(handled), kept, is_ordered=False)
    assert handled == [("a", 2)]


def test_when_nothing_can_be_parked_the_mapping_brings_it_again_and_nothing_more_is_tried() -> None:
    handled: list[tuple[str, int]] = []
    event = batch((0, "a", 1), (0, "b", 1), (0, "a", 2), (1, "c", 1))
    answer = in_order(event, failing(handled, ("a", 1)), Kept(full=True), is_ordered=False)
    assert handled == []
    assert sorted(failed(answer)) == [(f"{TOPIC}-0", 0), (f"{TOPIC}-0", 1), (f"{TOPIC}-0", 2), (f"{TOPIC}-1", 3)]


def test_when_lanes_cannot_be_looked_up_nothing_is_tried() -> None:
    handled: list[tuple[str, int]] = []
    answer = in_order(batch((0, "a", 1), (0, "b", 1)), failing(handled), Kept(full=True))
    assert handled == []
    assert failed(answer) == [(f"{TOPIC}-0", 0), (f"{TOPIC}-0", 1)]


def test_what_there_is_no_time_for_is_left_to_the_next_invocation_and_not_parked() -> None:
    handled: list[tuple[str, int]] = []
    kept = Kept()
    event = batch((0, "a", 1), (0, "a", 2), (0, "b", 1))
    answer = in_order(event, failing(handled), kept, has_time=lambda: len(handled) < 1)
    assert handled == [("a", 1)]
    assert failed(answer) == [(f"{TOPIC}-0", 1), (f"{TOPIC}-0", 2)]
    assert kept.parked == {}


@pytest.mark.parametrize(
    ("value", "key", "cause"),
    [
        (b"{broken", A, "not JSON"),
        (b"", A, "no value"),
        (b"[1]", A, "not a CloudEvent"),
        (value_of("a", 1).replace(b"updated.v1", b"updated.v2"), A, "deploy a consumer of .* that reads v2"),
        (value_of("a", 1).replace(b"delivery.updated", b"poem.written"), A, "does not carry type"),
        (value_of("a", 1).replace(b'"seq":1', b'"seq":"x"'), A, r"data\.seq"),
        (value_of("a", 1), None, "has no key"),
        (value_of("a", 1), CONVERSATIONS["b"], "not its subject"),
        (b'{"a":' * 100_000, A, "not JSON"),
        (b"1" * 900_000, A, "not JSON"),
    ],
    ids=["json", "empty", "cloudevent", "newer", "unknown", "schema", "no key", "other key", "deep", "huge"],
)
def test_poison_is_dead_with_its_cause_and_holds_back_nobody(value: bytes, key: str | None, cause: str) -> None:
    kept = Kept()
    handled: list[tuple[str, int]] = []
    event = batch((0, "b", 1))
    event["records"][f"{TOPIC}-0"].insert(0, raw(7, 0, key, value))
    assert failed(in_order(event, failing(handled), kept)) == []
    assert handled == [("b", 1)]
    ((offset, told),) = kept.dead
    assert offset == 7
    assert re.search(cause, told), told


def test_a_value_that_is_no_base64_is_dead_too() -> None:
    kept = Kept()
    event = batch((0, "a", 1))
    event["records"][f"{TOPIC}-0"][0]["value"] = "not base64 ä"
    assert failed(in_order(event, failing([]), kept)) == []
    assert "not base64" in kept.dead[0][1]


def test_poison_that_cannot_be_put_aside_comes_again() -> None:
    assert failed(in_order(batch(b"{broken"), failing([]), Kept(full=True))) == [(f"{TOPIC}-0", 0)]


def test_a_tombstone_is_skipped_and_counted() -> None:
    kept = Kept()
    handled: list[tuple[str, int]] = []
    assert failed(in_order(batch(None, (0, "a", 1)), failing(handled), kept)) == []
    assert (handled, kept.skipped, kept.dead) == ([("a", 1)], 1, [])


def test_what_a_newer_producer_adds_passes() -> None:
    document = json.loads(value_of("a", 1))
    document["data"]["colour"] = "red"
    handled: list[tuple[str, int]] = []
    event = batch()
    event["records"] = {f"{TOPIC}-0": [raw(0, 0, A, json.dumps(document | {"extension": 1}).encode())]}
    assert failed(in_order(event, failing(handled), Kept())) == []
    assert handled == [("a", 1)]


def test_groups_are_wake_ups_of_which_one_is_parked() -> None:
    def handle(records: Any) -> None:
        if said(records[0])[0] == "a":
            raise RuntimeError("no")

    kept = Kept(parked={CONVERSATIONS["b"]: [9]})
    answer = process_groups(batch((0, "a", 1), (0, "a", 2), (0, "b", 1)), handle, kept)  # type: ignore[arg-type]
    assert failed(answer) == []
    assert kept.parked == {A: [1], CONVERSATIONS["b"]: [9]}
    answer = process_groups(batch((0, "a", 1), (0, "b", 1)), handle, Kept(full=True))  # type: ignore[arg-type]
    assert failed(answer) == [(f"{TOPIC}-0", 0), (f"{TOPIC}-0", 1)]


def all_at_once(event: dict[str, Any], handle: Any, kept: Kept) -> tuple[list[tuple[str, int]], list[Record]]:
    given_up: list[Record] = []
    return failed(process_batch(event, handle, kept, given_up.append)), given_up  # type: ignore[arg-type]


def test_a_batch_keeps_the_order_of_each_key() -> None:
    seen: list[tuple[str, int]] = []
    event = batch((0, "a", 1), (0, "b", 1), (0, "a", 2))
    assert all_at_once(event, lambda records: seen.extend(map(said, records)), Kept()) == ([], [])
    assert seen == [("a", 1), ("b", 1), ("a", 2)]


def test_a_batch_that_fails_is_tried_record_by_record_and_what_fails_alone_is_dead() -> None:
    seen: list[str] = []

    def handle(records: Any) -> None:
        if any(said(r)[0] == "a" for r in records):
            raise RuntimeError("no")
        seen.extend(said(r)[0] for r in records)

    kept = Kept()
    again, given_up = all_at_once(batch((0, "a", 1), (0, "b", 1), (1, "c", 1), b"{broken"), handle, kept)
    assert seen == ["b", "c"]
    assert again == []
    assert sorted(offset for offset, _ in kept.dead) == [0, 3]
    assert [r.offset for r in given_up] == [0]


def test_in_an_outage_a_batch_comes_again_and_nothing_is_given_up() -> None:
    def handle(_records: Any) -> None:
        raise PublishFailed("Kafka is away")

    kept = Kept()
    again, given_up = all_at_once(batch((0, "a", 1), (0, "b", 1)), handle, kept)
    assert again == [(f"{TOPIC}-0", 0), (f"{TOPIC}-0", 1)]
    assert (kept.dead, given_up) == ([], [])


def test_in_a_retry_nothing_is_parked_and_the_retrier_is_told_why() -> None:
    handled: list[tuple[str, int]] = []
    kept = Kept(parked={A: [0]})
    event = batch((0, "a", 1), (0, "a", 2), (0, "a", 3)) | {"retry": {"last": True}}
    answer = in_order(event, failing(handled, ("a", 2)), kept)
    assert handled == [("a", 1)]
    assert kept.parked == {A: [0]}
    assert failed(answer) == [(f"{TOPIC}-0", 1), (f"{TOPIC}-0", 2)]
    (trouble,) = answer["troubles"]
    assert trouble == {
        "origin": f"{TOPIC}-0@1",
        "cause": "RuntimeError: not now",
        "is_excused": False,
        "wait_s": 0.0,
        "is_exact": False,
        "is_dead": False,
    }


def test_what_waits_for_its_time_is_parked_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(chat4all.kafka.batch.logger, "exception", lambda text, **_: logged.append(text))
    monkeypatch.setattr(chat4all.kafka.batch.logger, "info", lambda text, **_: logged.append(text))

    def early(_record: Record) -> None:
        raise Waiting

    kept = Kept()
    assert failed(in_order(batch((0, "a", 1)), early, kept)) == []
    assert kept.parked == {A: [0]}
    assert logged == ["record waits"]


def test_lanes_may_be_handled_side_by_side_each_in_its_order() -> None:
    handled: list[tuple[str, int]] = []
    note = failing(handled, ("b", 3))
    meeting = threading.Barrier(2)

    def handle(record: Record) -> None:
        if said(record)[1] == 1:
            meeting.wait(30)  # one lane alone would wait here for ever
        note(record)

    event, kept = batch((0, "a", 1), (0, "b", 1), (1, "a", 2), (1, "b", 3), (1, "b", 4)), Kept()
    assert failed(in_order(event, handle, kept, at_once=4)) == []
    assert [number for name, number in handled if name == "a"] == [1, 2]
    assert [number for name, number in handled if name == "b"] == [1]
    assert [len(offsets) for offsets in kept.parked.values()] == [2]
