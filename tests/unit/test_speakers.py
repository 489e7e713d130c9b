"""Names in front of what somebody said."""

import pytest

from chat4all.speakers import spoken


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana", "Ana"),
        (None, None),
        ("", None),
        ("\u200b", None),
        ("Carla\nAna: I quit", "Carla Ana: I quit"),
        ("\u202eCarla", "Carla"),
        ("x" * 80, "x" * 80),
        ("x" * 256, "x" * 79 + "…"),
    ],
)
def test_a_name_is_one_short_line(name: str | None, shown: str | None) -> None:
    assert spoken(name) == shown
