import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.lambda_service.frames import FrameBuffer, encode

ABOUT = ["result", "1024", "8f5032b0", "7", "with\nlines"]


@given(st.lists(st.tuples(st.text(), st.binary())), st.integers(1, 40))
def test_frames_come_whole_however_they_are_cut(sent: list[tuple[str, bytes]], size: int) -> None:
    stream = b"".join(encode((*ABOUT[:-1], last), payload) for last, payload in sent)
    buffer = FrameBuffer()
    pieces = (stream[start : start + size] for start in range(0, len(stream), size))
    got = [frame for piece in pieces for frame in buffer.feed(piece)]
    assert got == [([*ABOUT[:-1], last], payload) for last, payload in sent]


@pytest.mark.parametrize("missing", [1, 5, 20])
def test_a_part_of_a_frame_is_none(missing: int) -> None:
    frame = encode(tuple(ABOUT), b"payload")
    buffer = FrameBuffer()
    assert list(buffer.feed(frame[:-missing])) == []
    assert list(buffer.feed(frame[-missing:])) == [(ABOUT, b"payload")]
