"""What a scanner answers: clean, a threat, or nothing that lets a file through."""

import pytest

from chat4all.file_scan import ScanFailed, _judgement


@pytest.mark.parametrize(
    ("answer", "threat"),
    [
        (b'{"clean": true}', None),
        (b'{"clean": true, "threat": "x"}', None),
        (b'{"clean": false, "threat": "Eicar", "engine": 7}', "Eicar"),
        (b'{"clean": false}', "unknown"),
    ],
)
def test_what_it_says(answer: bytes, threat: str | None) -> None:
    assert _judgement("scanner", answer) == threat


@pytest.mark.parametrize(
    "answer", [b"", b"null", b"true", b"[]", b"{}", b'{"clean": "true"}', b'{"clean": 1}', b"\xff"]
)
def test_anything_else_is_no_judgement(answer: bytes) -> None:
    with pytest.raises(ScanFailed, match=r"is not \{clean, threat"):
        _judgement("scanner", answer)
