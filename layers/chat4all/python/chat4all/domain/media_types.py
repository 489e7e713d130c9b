"""Media types as they are said, and the kinds of files that go with them."""

import re

KINDS = ("image", "video", "audio", "voice", "document", "sticker", "animation")
UNKNOWN = "application/octet-stream"

_NAME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
"""RFC 6838, section 4.2."""
_SAFE_TO_SHOW = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic", "application/pdf", "text/plain"}
)
"""Beside audio and video: what a browser shows without running what somebody wrote (an SVG image has scripts)."""
_RUN = re.compile(
    r"text/(html|xml|(x-)?javascript|ecmascript|vbscript|css)|.*[/+]xml|application/(x-)?(java|ecma)script|.*flash"
)
"""What browsers run, or let it run others: a page, a style, a script, an image that is a page."""
_FIT = {
    "image": {"image", "sticker", "animation", "document"},
    "video": {"video", "animation", "sticker", "document"},
    "audio": {"audio", "voice", "document"},
    "application": {"document", "sticker"},
}
"""Stickers of Telegram that move are gzip (application/x-tgsticker)."""


def media_type(text: str | None) -> str:
    """`type/subtype` in lower case without parameters; application/octet-stream where it is none."""
    name = (text or "").partition(";")[0].strip().lower()
    return name if _NAME.fullmatch(name) else UNKNOWN


def kind_of(content_type: str) -> str:
    """How a file of this type is shown and sent where nobody says it."""
    if content_type == "image/gif":
        return "animation"
    family = content_type.partition("/")[0]
    return family if family in ("image", "video", "audio") and content_type != "image/svg+xml" else "document"


def fitting_kind(kind: str, content_type: str) -> str:
    """`kind` where a file of this type can be it; anything can be where the type is not known."""
    family = content_type.partition("/")[0]
    fits = content_type == UNKNOWN or kind in _FIT.get(family, {"document"})
    return kind if fits and kind in KINDS else kind_of(content_type)


def may_be_shown(content_type: str) -> bool:
    """Whether a browser may show it in place; everything else is offered for saving."""
    return content_type in _SAFE_TO_SHOW or content_type.startswith(("audio/", "video/"))


def served_type(content_type: str) -> str:
    """The type that a download has. S3 cannot say `nosniff`, so what a browser could run is not even called so: it is bytes."""
    return UNKNOWN if _RUN.fullmatch(content_type) else content_type
