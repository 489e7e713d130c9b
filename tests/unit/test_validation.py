"""What is wrong with an input is said in words for the caller."""

import pytest

from chat4all.domain.upload import Finish, Sign
from chat4all.errors import Invalid
from chat4all.validation import Input, validate


@pytest.mark.parametrize(
    ("model", "said", "detail"),
    [
        (Sign, {"numbers": [1, 1]}, "/numbers: 1 is given more than once"),
        (Sign, {"numbers": [1], "sha256": {"2": "0" * 64}}, "/sha256/2: is none of the numbers"),
        (Sign, {"sha256": {"0": "0" * 64}}, "/sha256/0: is no number of a part, 1 to 10000"),
        (Sign, {"sha256": {"a/b~": "0" * 64}}, "/sha256/a~1b~0: is no number of a part, 1 to 10000"),
        (Sign, {"sha256": {"10001": "0" * 64}}, "/sha256/10001: is no number of a part, 1 to 10000"),
        (Sign, {"sha256": {"01": "0" * 64}}, "/sha256/01: is no number of a part, 1 to 10000"),
        (Sign, {"sha256": {"1": "x"}}, "/sha256/1: String should match pattern '^[0-9a-fA-F]{64}$'"),
        (
            Finish,
            {"file_id": "01939d5a-0000-7000-8000-000000000001", "parts": [{"number": 1, "etag": "a"}] * 2},
            "/parts: 1 is given more than once",
        ),
    ],
)
def test_our_own_words_stand_without_those_of_a_library(
    model: type[Input], said: dict[str, object], detail: str
) -> None:
    with pytest.raises(Invalid) as refused:
        validate(model, said)
    assert str(refused.value) == detail
