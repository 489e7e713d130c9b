"""What is wrong with an input is said in words for the caller."""

import pytest

from chat4all.domain.upload import Finish, Sign
from chat4all.errors import Invalid
from chat4all.validation import Input, validate


@pytest.mark.parametrize(
    ("model", "said", "detail"),
    [
        (Sign, {"numbers": [1, 1]}, "/numbers: 1 is given more than once"),
        (Sign, {"numbers": [1], "sha256": {"2": "0" * 64}}, "The body: sha256 has '2', which is none of the numbers"),
        (
            Finish,
            {"file_id": "01939d5a-0000-7000-8000-000000000001", "parts": [{"number": 1, "etag": "a"}] * 2},
            "The body: 1 is given more than once",
        ),
    ],
)
def test_our_own_words_stand_without_those_of_a_library(
    model: type[Input], said: dict[str, object], detail: str
) -> None:
    with pytest.raises(Invalid) as refused:
        validate(model, said)
    assert str(refused.value) == detail
