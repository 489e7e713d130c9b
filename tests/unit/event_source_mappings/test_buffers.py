from local.event_source_mappings.buffers import MOST_BYTES, Buffers


def test_a_partition_is_paused_at_four_batches_and_resumed_at_two() -> None:
    buffers = Buffers(batch_size=1000)

    assert buffers.add([(0, 10)] * 3999) == []
    assert buffers.add([(0, 10), (1, 10)]) == [0]
    assert buffers.add([(0, 10)]) == []
    assert buffers.paused
    assert not buffers.remove(0, 2000, 20_000)
    assert buffers.remove(0, 1, 10)
    assert not buffers.paused
    assert not buffers.remove(0, 1, 10)


def test_large_records_pause_a_partition_sooner() -> None:
    buffers = Buffers(batch_size=10_000)

    assert buffers.add([(0, MOST_BYTES)]) == [0]
    assert buffers.remove(0, 1, MOST_BYTES)


def test_what_was_taken_away_is_not_counted_any_more() -> None:
    buffers = Buffers(batch_size=1)
    buffers.add([(0, 10)] * 2000)

    buffers.clear()

    assert not buffers.paused
    assert not buffers.remove(0, 1, 10)
    assert buffers.count(0) == 0
