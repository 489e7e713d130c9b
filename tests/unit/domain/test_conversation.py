"""Sizes of conversations."""

import pytest

from chat4all.domain.conversation import check_size
from chat4all.errors import Invalid


@pytest.mark.parametrize(("kind", "members"), [("private", 2), ("group", 3), ("group", 100)])
def test_sizes_that_are_right(kind: str, members: int) -> None:
    check_size(kind, members)


@pytest.mark.parametrize(("kind", "members"), [("private", 1), ("private", 3), ("group", 2), ("group", 101)])
def test_sizes_that_are_wrong(kind: str, members: int) -> None:
    with pytest.raises(Invalid) as caught:
        check_size(kind, members)
    assert caught.value.errors[0].pointer == "/member_ids"
    assert str(members) in caught.value.detail
