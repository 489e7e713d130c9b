from dataclasses import replace

import pytest

from local.application import KafkaMapping
from local.event_source_mappings.batching import Chunk
from local.event_source_mappings.responses import Failure, PartialFailure, Success
from local.event_source_mappings.retry import Backoff, Decision, Policy, decide, expire
from tests.unit.event_source_mappings.records import chunk, record

BACKOFF = Backoff(first_s=0.1, longest_s=10)
FAILURE = Failure("Function call failed")
MAPPING = KafkaMapping("M", "u", "f", "orders", "g", None)


def after(policy: Policy, tried: Chunk, outcome: Success | Failure | PartialFailure) -> Decision:
    return decide(policy, BACKOFF, tried, outcome)


def test_success_commits_past_the_batch() -> None:
    assert after(Policy(), chunk(1, 2, next_offset=9), Success()) == Decision(commit=9)


def test_by_default_the_whole_batch_is_tried_for_ever_with_growing_delay() -> None:
    tried, delays = chunk(1, 2), []
    for _ in range(50):
        decision = after(Policy(), tried, FAILURE)
        (again,) = decision.again
        assert (decision.commit, decision.discard, again.records) == (None, (), tried.records)
        tried = again
        delays.append(decision.delay_s)

    assert delays[:4] == pytest.approx([0.1, 0.2, 0.4, 0.8])
    assert delays == sorted(delays)
    assert delays[-1] == 10


def test_retries_end_after_the_maximum_and_the_records_are_given_up() -> None:
    policy = Policy(maximum_retries=2)

    assert after(policy, chunk(1, 2, tries=1), FAILURE).again == (chunk(1, 2, tries=2),)
    assert after(policy, chunk(1, 2, tries=2), FAILURE) == Decision(discard=chunk(1, 2).records, commit=3)
    assert after(Policy(maximum_retries=0), chunk(1), FAILURE).discard == chunk(1).records


def test_bisecting_halves_without_consuming_a_try() -> None:
    policy = Policy(maximum_retries=1, bisect=True)

    decision = after(policy, chunk(1, 2, 5, tries=1, next_offset=9), FAILURE)

    assert decision.again == (chunk(1, tries=1, next_offset=2), chunk(2, 5, tries=1, next_offset=9))
    assert after(policy, chunk(1, tries=1), FAILURE).discard == chunk(1).records


def test_a_partial_failure_commits_to_the_lowest_failed_offset_and_tries_from_there() -> None:
    decision = after(Policy(report_failures=True), chunk(1, 2, 5, 6, next_offset=9), PartialFailure({"orders-0": 5}))

    assert decision.commit == 5
    assert decision.again == (chunk(5, 6, tries=1, next_offset=9),)
    assert decision.delay_s == pytest.approx(0.1)


def test_a_partition_that_is_not_named_in_a_partial_failure_is_done() -> None:
    assert after(Policy(), chunk(1, 2), PartialFailure({"orders-7": 1})) == Decision(commit=3)


def test_a_partial_failure_without_progress_is_a_try() -> None:
    policy = Policy(maximum_retries=1)
    first = PartialFailure({"orders-0": 1})

    assert after(policy, chunk(1, 2), first).again == (chunk(1, 2, tries=1),)
    assert after(policy, chunk(1, 2, tries=1), first).discard == chunk(1, 2).records


def test_a_partial_failure_with_no_retries_gives_up_what_is_left() -> None:
    decision = after(Policy(maximum_retries=0), chunk(1, 2, 3), PartialFailure({"orders-0": 2}))

    assert (decision.discard, decision.commit, decision.again) == (chunk(2, 3).records, 4, ())


def test_bisecting_with_reports_splits_at_the_reported_offset() -> None:
    policy = Policy(maximum_retries=0, bisect=True, report_failures=True)

    progress = after(policy, chunk(1, 2, 3), PartialFailure({"orders-0": 2}))
    stuck = after(policy, chunk(2, 3), PartialFailure({"orders-0": 2}))

    assert (progress.commit, progress.again) == (2, (chunk(2, 3),))
    assert stuck.again == (chunk(2), chunk(3))


def test_records_beyond_the_maximum_age_are_taken_out() -> None:
    mixed = Chunk((record(1, timestamp_ms=1000), record(2, timestamp_ms=90_000)), 3)

    left, expired = expire(Policy(maximum_age_s=60), mixed, now_ms=100_000)

    assert ([r.offset for r in left.records], left.next_offset) == ([2], 3)
    assert [r.offset for r in expired] == [1]
    assert expire(Policy(), mixed, now_ms=10**15) == (mixed, ())


def test_a_chunk_of_which_nothing_is_left_is_committed_whatever_the_outcome() -> None:
    assert after(Policy(), Chunk((), 3), FAILURE) == Decision(commit=3)


def test_error_handling_needs_provisioned_pollers() -> None:
    set_up = replace(
        MAPPING,
        maximum_retry_attempts=2,
        maximum_record_age_s=60,
        bisect_on_error=True,
        report_batch_item_failures=True,
        on_failure_topic="dead",
    )

    assert Policy.of(set_up) == Policy()
    assert Policy.of(replace(set_up, provisioned=True)) == Policy(2, 60, True, True, "dead")


def test_endless_retries_with_a_destination_are_ten() -> None:
    assert Policy.of(replace(MAPPING, provisioned=True, on_failure_topic="dead")).maximum_retries == 10
    assert Policy.of(replace(MAPPING, provisioned=True)).maximum_retries == -1
