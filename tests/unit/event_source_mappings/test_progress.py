from local.event_source_mappings.progress import Progress


def assigned() -> Progress:
    progress = Progress(batch_size=10)
    progress.assigned({0: None, 1: 7})
    return progress


def test_only_the_latest_offset_of_a_partition_is_committed() -> None:
    progress = assigned()
    progress.done(0, 3)
    progress.done(0, 5)

    assert progress.take_commits() == {0: 5}
    assert progress.take_commits() == {}
    progress.commit_ended(0, 5, succeeded=True)
    assert (progress.committed(0), progress.committed(1)) == (5, 7)


def test_a_failed_commit_is_made_again_unless_there_is_a_later_one() -> None:
    progress = assigned()
    progress.done(0, 5)
    progress.done(1, 8)
    progress.take_commits()
    progress.done(1, 9)

    progress.commit_ended(0, 5, succeeded=False)
    progress.commit_ended(1, 8, succeeded=False)

    assert progress.take_commits() == {0: 5, 1: 9}
    assert progress.committed(0) is None


def test_nothing_is_committed_of_a_partition_that_was_taken_away() -> None:
    progress = assigned()
    progress.done(0, 5)

    assert progress.revoked() == {0: 5}
    progress.done(0, 6)
    progress.commit_ended(0, 5, succeeded=False)
    assert progress.take_commits() == {}


def test_lag_counts_from_the_commit_or_from_the_first_record() -> None:
    progress = assigned()
    assert progress.lag(0) is None

    progress.ends(0, first=2, end=10)
    progress.ends(1, first=2, end=10)

    assert (progress.lag(0), progress.lag(1)) == (8, 3)


def test_a_partition_is_resumed_once() -> None:
    progress = assigned()
    assert progress.read([(0, 10)] * 2000) == [0]

    progress.release(0, 1500, 15_000)

    assert progress.to_resume() == [0]
    assert progress.to_resume() == []
    assert progress.buffered(0) == 500
