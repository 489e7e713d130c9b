"""Every emoji of Unicode is taken, in whichever form it is written, and nothing else."""

import pytest
from emoji import EMOJI_DATA, STATUS

from chat4all.domain.emoji import checked_emoji, qualified
from chat4all.errors import Invalid

FULLY = [text for text, data in EMOJI_DATA.items() if data["status"] == STATUS["fully_qualified"]]


def test_every_form_leads_to_the_fully_qualified_one() -> None:
    assert len(FULLY) > 3_500
    by_name = {EMOJI_DATA[text]["en"]: text for text in FULLY}
    for text, data in EMOJI_DATA.items():
        expected = None if data["status"] == STATUS["component"] else by_name[data["en"]]
        assert qualified(text) == expected, (text, data)


@pytest.mark.parametrize(
    ("text", "kept"), [("❤", "❤️"), ("#⃣", "#️⃣"), ("👍\N{VARIATION SELECTOR-16}", "👍"), ("👩‍❤‍👨", "👩‍❤️‍👨")]
)
def test_forms_that_providers_write(text: str, kept: str) -> None:
    assert checked_emoji(text) == kept


@pytest.mark.parametrize(
    "text", ["", "a", "1", "#", "👍👍", "👍 ", "🇦", "🏻", "\ud83d", "x" * 10_000, "\N{ZERO WIDTH JOINER}", "©x"]
)
def test_what_is_not_one_emoji(text: str) -> None:
    with pytest.raises(Invalid) as wrong:
        checked_emoji(text)
    assert wrong.value.errors[0].pointer == "/emoji"
