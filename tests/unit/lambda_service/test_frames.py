import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.lambda_service.frames import FrameBuffer, encode


@given(st.lists(st.tuples(st.dictionaries(st.text(), st.integers()), st.binary())), st.integers(1, 40))
def test_frames_come_whole_however_they_are_cut(sent: list[tuple[dict[str, int], bytes]], size: int) -> None:
    stream = b"".join(encode(about, payload) for about, payload in sent)
    buffer = FrameBuffer()
    pieces = (stream[start : start + size] for start in range(0, len(stream), size))
    assert [frame for piece in pieces for frame in buffer.feed(piece)] == sent


@pytest.mark.parametrize("missing", [1, 5, 20])
def test_a_part_of_a_frame_is_none(missing: int) -> None:
    frame = encode({"kind": "result"}, b"payload")
    buffer = FrameBuffer()
    assert list(buffer.feed(frame[:-missing])) == []
    assert list(buffer.feed(frame[-missing:])) == [({"kind": "result"}, b"payload")]
