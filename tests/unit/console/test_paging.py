import pytest

from local.console.answers import ApiError
from local.console.kafka_reader import Record
from local.console.record_view import SHOWN_BYTES, bytes_view
from local.console.topic_state import lag_of
from local.console.topics import next_cursor, page_ranges, parse_cursor

SPANS = {0: (0, 10), 1: (5, 7)}


def record(partition: int, offset: int) -> Record:
    return Record(partition, offset, 0, None, b"", ())


def test_the_first_page_is_the_end_of_each_partition() -> None:
    assert page_ranges(SPANS, {}, 4) == {0: (6, 10), 1: (5, 7)}


def test_the_next_page_ends_where_the_last_one_began() -> None:
    found = [record(0, 8), record(0, 9), record(1, 5), record(1, 6)]
    cursor = next_cursor(SPANS, {0: (8, 10), 1: (5, 7)}, found, [found[1], found[3]])
    assert cursor == "0:9,1:6"
    assert page_ranges(SPANS, parse_cursor(cursor), 2) == {0: (7, 9), 1: (5, 6)}


def test_offsets_without_a_record_are_passed_over() -> None:
    assert next_cursor(SPANS, {0: (6, 10), 1: (5, 7)}, [], []) == "0:6,1:5"


def test_the_last_page_has_none_after_it() -> None:
    found = [record(0, 0), record(1, 5)]
    assert next_cursor(SPANS, {0: (0, 1), 1: (5, 6)}, found, found) is None


def test_a_cursor_outside_the_topic_shows_nothing() -> None:
    assert page_ranges(SPANS, {0: 99, 1: 0}, 3) == {0: (7, 10), 1: (5, 5)}


@pytest.mark.parametrize("text", ["x", "1", "1:2:3", "1:x", "1:2,x"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="before must look like"):
        parse_cursor(text)


@pytest.mark.parametrize(("committed", "lag"), [(None, 4), (3, 4), (8, 2), (10, 0), (11, 0)])
def test_lag_counts_what_is_there(committed: int | None, lag: int) -> None:
    assert lag_of((6, 10), committed) == lag


def test_bytes_are_text_only_where_they_are() -> None:
    assert bytes_view(None) is None
    assert bytes_view("olá".encode()) == {"size": 4, "text": "olá", "base64": None, "cut": False}
    assert bytes_view(b"a\0") == {"size": 2, "text": None, "base64": "YQA=", "cut": False}


def test_a_cut_inside_a_character_keeps_the_text() -> None:
    view = bytes_view(b"a" * (SHOWN_BYTES - 1) + "á".encode())
    assert view is not None
    assert (view["cut"], view["text"]) == (True, "a" * (SHOWN_BYTES - 1))
