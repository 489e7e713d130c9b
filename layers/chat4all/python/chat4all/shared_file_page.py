"""The page behind the link that a channel's text carries: what the file is, before anybody takes it. No script, nothing kept."""

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from chat4all.domain.content_negotiation import language

LANGUAGES = ("en", "pt")
_UNITS = ("B", "kB", "MB", "GB", "TB")
_WORDS = {
    "en": {
        "heading": "A file for you",
        "download": "Download",
        "caution": "Open it only if you know who sent it.",
        "gone": "This file is not available",
        "why_gone": "The message with it was deleted, or the link is incomplete.",
        "image": "Image",
        "video": "Video",
        "audio": "Audio",
        "text": "Text",
        "document": "Document",
    },
    "pt": {
        "heading": "Um arquivo para você",
        "download": "Baixar",
        "caution": "Só abra se você conhece quem enviou.",
        "gone": "Este arquivo não está disponível",
        "why_gone": "A mensagem com ele foi apagada, ou o link está incompleto.",
        "image": "Imagem",
        "video": "Vídeo",
        "audio": "Áudio",
        "text": "Texto",
        "document": "Documento",
    },
}
_FILE = """<div class="look">$look</div>
<h1><bdi>$name</bdi></h1>
<p class="facts">$facts</p>
<a class="button" href="?download=1" rel="nofollow">$download</a>
<p class="caution">$caution</p>"""
_GONE = """<div class="look"><span class="sheet" aria-hidden="true"></span></div>
<h1>$gone</h1>
<p class="facts">$why_gone</p>"""
_SHEET = '<span class="sheet" aria-hidden="true">$extension</span>'
_PICTURE = '<img src="$url" alt="">'


def file_page(shown: dict[str, Any], accept_language: str | None) -> tuple[str, str]:
    """The page in HTML and its language.

    Args:
        shown: of the file: filename, content_type, size (bytes), thumbnail_url (None: it has none).
    """
    chosen = language(accept_language, LANGUAGES)
    words, family = _WORDS[chosen], str(shown["content_type"]).partition("/")[0]
    kind = words.get(family, words["document"])
    facts = f"{kind} · {size_text(shown['size'], chosen)}"
    look = _PICTURE if shown["thumbnail_url"] else _SHEET
    name, filled = str(shown["filename"]), Template(look)
    pieces = words | {
        "name": name,
        "facts": facts,
        "url": str(shown["thumbnail_url"]),
        "extension": _extension(name),
    }
    escaped = {key: escape(value) for key, value in pieces.items()}
    body = Template(_FILE).substitute(escaped, look=filled.substitute(escaped))
    return _page(chosen, name, words["heading"], body), chosen


def gone_page(accept_language: str | None) -> tuple[str, str]:
    """The page for a link that opens nothing (any more), and its language."""
    chosen = language(accept_language, LANGUAGES)
    words = {key: escape(value) for key, value in _WORDS[chosen].items()}
    return _page(chosen, _WORDS[chosen]["gone"], _WORDS[chosen]["heading"], Template(_GONE).substitute(words)), chosen


def policy(storage: str) -> str:
    """Content Security Policy (Level 3): the page's own style, and images of `storage`, an origin."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src {storage}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def size_text(size: int, chosen: str) -> str:
    """`1.2 MB` of bytes, in units of 1,000 as file systems of phones have them; `1,2 MB` in Portuguese."""
    number, unit = float(size), 0
    while number >= 999.5 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    text = f"{number:.1f}" if unit and number < 99.95 else f"{number:.0f}"
    return f"{text.replace('.', ',') if chosen == 'pt' else text} {_UNITS[unit]}"


def _extension(name: str) -> str:
    found = re.search(r"\.([A-Za-z0-9]{1,5})$", name)
    return found[1].upper() if found else ""


def _page(chosen: str, title: str, heading: str, body: str) -> str:
    return Template(_text("shared_file_page.html")).substitute(
        language="pt-BR" if chosen == "pt" else chosen,
        title=escape(title),
        heading=escape(heading),
        style=_style(),
        body=body,
    )


def _style() -> str:
    return _text("shared_file_page.css")


@cache
def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")
