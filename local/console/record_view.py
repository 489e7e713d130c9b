"""Bytes as a page can show them."""

import base64
from typing import Any

SHOWN_BYTES = 256 * 1024


def bytes_view(data: bytes | None) -> dict[str, Any] | None:
    """{"size", "text", "base64", "cut"}: `text` is None for what is not UTF-8; then `base64` has the bytes.

    Of more than 256 KB only the beginning is there, and `cut` says so.
    """
    if data is None:
        return None
    shown = data[:SHOWN_BYTES]
    cut = len(shown) < len(data)
    text = _text(shown, cut)
    return {
        "size": len(data),
        "text": text,
        "base64": None if text is not None else base64.b64encode(shown).decode(),
        "cut": cut,
    }


def _text(data: bytes, cut: bool) -> str | None:
    """None where it is no text. A cut may have split the last character."""
    for missing in range(4 if cut else 1):
        try:
            text = data[: len(data) - missing].decode()
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None
