from local.event_source_mappings.batching import Limits, cut, due_at
from tests.unit.event_source_mappings.records import lane, offsets, record

SIZE = len(record(0).json)


def test_nothing_is_due_without_records_of_a_free_partition() -> None:
    busy = lane(0, 1, 2)
    busy.busy = True

    assert due_at([busy, lane(1)], Limits(10, 0.5)) is None
    assert due_at([lane(0, dropped=(1,))], Limits(10, 0.5)) is None


def test_a_batch_is_due_when_the_window_of_its_oldest_record_ends() -> None:
    assert due_at([lane(0, 1, at=7.0), lane(1, 1, at=6.0)], Limits(10, 0.5)) == 6.5


def test_a_batch_is_due_at_once_when_its_size_is_reached_over_all_partitions() -> None:
    assert due_at([lane(0, 1, 2, at=7.0), lane(1, 1, at=6.0)], Limits(3, 300)) == 0


def test_a_batch_is_due_at_once_when_the_payload_is_full() -> None:
    assert due_at([lane(0, 1, 2, at=7.0)], Limits(10, 300, record_bytes=2 * SIZE)) == 0


def test_one_batch_takes_several_partitions_the_oldest_first() -> None:
    lanes = [lane(0, 1, 2, 3, at=2.0), lane(1, 7, 8, at=1.0), lane(2, 4, at=3.0)]

    assert offsets(cut(lanes, Limits(4, 0))) == {1: [7, 8], 0: [1, 2]}
    assert [made.busy for made in lanes] == [True, True, False]
    assert lanes[0].records == 1


def test_a_batch_keeps_within_the_payload() -> None:
    lanes = [lane(0, 1, 2, 3)]

    assert offsets(cut(lanes, Limits(10, 0, record_bytes=2 * SIZE + 1))) == {0: [1, 2]}


def test_a_record_larger_than_any_event_comes_alone() -> None:
    lanes = [lane(0, 1, 2)]

    assert offsets(cut(lanes, Limits(10, 0, record_bytes=SIZE - 1))) == {0: [1]}


def test_dropped_records_are_committed_with_what_comes_before_them() -> None:
    ((_, taken),) = cut([lane(0, 2, 5, dropped=(1, 3, 4, 6, 7))], Limits(10, 0))

    assert [r.offset for r in taken.records] == [2, 5]
    assert taken.next_offset == 8


def test_dropped_records_at_the_head_need_no_batch() -> None:
    made = lane(0, 3, dropped=(1, 2))

    assert made.skip_dropped() == 3
    assert made.skip_dropped() is None
    assert made.records == 1
