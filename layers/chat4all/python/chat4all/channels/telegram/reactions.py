"""Emoji of reactions: which there are on Telegram, and how each is written (core.telegram.org/bots/api#reactiontypeemoji)."""

_WORDS = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 "
    "😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
_PRESENTATION = "\ufe0f"
TAKEN = frozenset(_WORDS.replace(_PRESENTATION, "").split())
"""The only ones that bots may set, written without U+FE0F as Telegram writes them."""
_QUALIFIED = {
    bare: full for full in ("❤️", "❤️‍🔥", "🕊️", "✍️", "☃️", "🤷‍♂️", "🤷‍♀️") for bare in (full.replace(_PRESENTATION, ""),)
}
"""Those that Unicode writes with U+FE0F (unicode.org/Public/emoji, emoji-test.txt, "fully-qualified")."""


def as_telegram(emoji: str) -> str | None:
    """How Telegram writes it; None where it has none such. Shades of skin are left out: Telegram has one shade."""
    bare = "".join(c for c in emoji if c != _PRESENTATION and not "\U0001f3fb" <= c <= "\U0001f3ff")
    return bare if bare in TAKEN else None


def as_unicode(emoji: str) -> str:
    """How everybody else writes what Telegram calls `emoji`."""
    return _QUALIFIED.get(emoji.replace(_PRESENTATION, ""), emoji)
