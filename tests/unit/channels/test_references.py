"""What tells our own parts where a provider says it back."""

import pytest

from chat4all.channels.references import is_reference, reference

ID = "01939d5a-0000-7000-8000-0000000000a1"


def test_ours_is_known() -> None:
    assert is_reference(reference(ID, 12))


@pytest.mark.parametrize(
    "text", [None, "", ID, f"{ID}:", f"{ID}:x", f"{ID}:²", "DEVELOPER_DEFINED:1", f"{ID.upper()}:1"]
)
def test_what_others_say_is_not(text: str | None) -> None:
    assert not is_reference(text)
