"""Emoji: what may stand as a reaction.

The list is Unicode's own (emoji-test.txt of UTS #51, which the library `emoji` carries): one emoji as people pick it, with skin
tone, flag or family as one. Skin tones alone are none. What is written without its variation selector (`❤`, as Telegram does) is
the same as with it (`❤️`, as others do): it is kept in the fully qualified form, so that both count as one.
"""

from emoji import EMOJI_DATA, STATUS

from chat4all.errors import Invalid

_VARIATION = "\N{VARIATION SELECTOR-16}"
_LONGEST = 64
"""Characters; the longest emoji has 10. What is longer is not looked for."""


def qualified(text: str) -> str | None:
    """The emoji that `text` is, fully qualified; None where it is not exactly one."""
    if len(text) > _LONGEST:
        return None
    data = EMOJI_DATA.get(text)
    if data is None:
        bare = text.replace(_VARIATION, "")
        data = EMOJI_DATA.get(bare)
        if data is None or bare == text:
            return None
        text = bare
    status = data["status"]
    if status == STATUS["fully_qualified"]:
        return text
    return None if status == STATUS["component"] else _fully(text)


def checked_emoji(text: str, pointer: str = "/emoji") -> str:
    """`text` as it is kept; raises Invalid with `pointer`."""
    emoji = qualified(text)
    if emoji is None:
        raise Invalid.at(pointer, "is not one emoji of Unicode")
    return emoji


def _fully(text: str) -> str | None:
    """With the variation selectors that are missing: each place may want one (at most 4 places)."""
    for candidate in _candidates(text.replace(_VARIATION, "")):
        data = EMOJI_DATA.get(candidate)
        if data is not None and data["status"] == STATUS["fully_qualified"]:
            return candidate
    return None


def _candidates(bare: str) -> list[str]:
    forms = [""]
    for character in bare:
        wants = EMOJI_DATA.get(character, {}).get("status") == STATUS["unqualified"] or character in "#*0123456789♀♂"
        forms = [form + character + selector for form in forms for selector in (("", _VARIATION) if wants else ("",))]
    return forms
