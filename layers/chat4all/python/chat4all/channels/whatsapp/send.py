"""Calls of the Cloud API: sends, actions and files."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chat4all.channels.channel import Target, Unsupported
from chat4all.channels.download import Download, too_large
from chat4all.channels.fates import NotSent, Permanent, TryAgain
from chat4all.channels.meta.errors import GraphError
from chat4all.channels.meta.graph import Graph
from chat4all.channels.outgoing import (
    Action,
    ContactPart,
    LinkPart,
    LocationPart,
    MarkRead,
    MediaPart,
    Part,
    React,
    Sent,
    ShowTyping,
    TextPart,
    lines,
    link_text,
    place_text,
)
from chat4all.channels.whatsapp import bodies
from chat4all.channels.whatsapp.errors import INVALID_VALUE, fate_of
from chat4all.channels.whatsapp.limits import RESERVE_MS

if TYPE_CHECKING:
    from chat4all.channels.media import MediaStore

_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_MEDIA_HOSTS = (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".fbcdn.net")
"""Whose files are fetched with the token."""


class Sender:
    """Keeps connections open for the life of an environment.

    Media go by link, not by upload: WhatsApp fetches our presigned URL by itself, so that no bytes pass the function and a
    file of 100 MB costs it nothing. What is wrong with a file comes as a failed status (131053) then.
    """

    def __init__(self, media: "MediaStore") -> None:
        self._media = media
        self._graph = Graph()

    def send(self, to: Target, part: Part, reply_to: str | None) -> Sent:
        """Send a part; raises NotSent. The Cloud API has no idempotency key: a send whose answer was lost may come twice."""
        content, note = self._content(to, part)
        with _fates_told():
            answer = self._post_message(to, content, reply_to)
        return _sent(answer, note)

    def act(self, to: Target, action: Action) -> None:
        """React, mark as read, show typing (which marks as read); raises NotSent, Unsupported."""
        match action:
            case React():  # one a message: the last that was given
                emoji = action.emojis[-1] if action.emojis else ""
                body = bodies.envelope(to.address, bodies.reaction(action.external_id, emoji), None, None)
            case MarkRead():
                body = bodies.read(action.external_id)
            case ShowTyping(external_id=str(answered)):
                body = bodies.read(answered, is_typing=True)
            case ShowTyping():
                raise Unsupported("WhatsApp shows typing only as an answer to a message")
            case _:
                raise Unsupported("WhatsApp lets a business neither change nor take back what it has sent")
        with _fates_told():
            self._post(to, body)

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> Download:
        """Ask for the file's URL, which lives five minutes, and open it with the token; raises NotSent."""
        media_id = media.get("id")
        if not isinstance(media_id, str) or not _MEDIA_ID.fullmatch(media_id):
            raise NotSent(Permanent("media_refused: no media id of WhatsApp's"))
        params = {"phone_number_id": to.settings["phone_number_id"]}
        with _fates_told():
            held = self._graph.call("GET", media_id, params=params, **_reach(to))
            size = held.get("file_size")
            if isinstance(size, int) and size > most_bytes:
                raise too_large(most_bytes, size)
            url = _checked_url(held.get("url"), to.settings.get("api_base"))
            answer = self._graph.open(url, token=to.settings["access_token"])
        return Download(answer, most_bytes)

    def close(self) -> None:
        """Close connections."""
        self._graph.close()

    def _content(self, to: Target, part: Part) -> tuple[bodies.Body, str | None]:
        if to.terms.get("template"):
            content, is_whole = bodies.template(to.terms["template"], self._said(part))
            cut = "" if is_whole else ", shortened to what it takes"
            return content, f"template: said by a template, outside the 24-hour window{cut}"
        match part:
            case TextPart():
                return bodies.text(part), None
            case LocationPart():
                return bodies.location(part), None
            case ContactPart():
                return bodies.contacts(part), None
            case MediaPart():
                return bodies.media(part, self._media.link(part.file)), None
            case LinkPart():
                return bodies.text(TextPart(self._said(part))), None

    def _said(self, part: Part) -> str:
        """A part in words."""
        match part:
            case TextPart():
                return part.text
            case LocationPart():
                return place_text(part)
            case ContactPart():
                return lines(part.name, part.phone, part.email)
            case LinkPart() | MediaPart():
                return link_text(part, self._media.share_link(part.file))

    def _post_message(self, to: Target, content: bodies.Body, reply_to: str | None) -> dict[str, Any]:
        try:
            return self._post(to, bodies.envelope(to.address, content, reply_to, to.reference))
        except GraphError as error:
            # What is answered may be unknown to WhatsApp by now: said without the answer rather than not at all.
            if not reply_to or error.failure.code != INVALID_VALUE:
                raise
            if to.remaining_ms() < RESERVE_MS:
                raise NotSent(TryAgain("no_time: the invocation ends before it could be sent as no answer")) from error
            return self._post(to, bodies.envelope(to.address, content, None, to.reference))

    def _post(self, to: Target, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._graph.call("POST", f"{to.settings['phone_number_id']}/messages", body=body, **_reach(to))


def _reach(to: Target) -> dict[str, Any]:
    return {"token": to.settings["access_token"], "api_base": to.settings.get("api_base")}


@contextmanager
def _fates_told() -> Iterator[None]:
    try:
        yield
    except GraphError as error:
        raise NotSent(fate_of(error.failure)) from error


def _sent(answer: Mapping[str, Any], note: str | None) -> Sent:
    try:
        message = answer["messages"][0]
        external_id, pacing = str(message["id"]), message.get("message_status", "accepted")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise NotSent(TryAgain("unreachable: the answer names no message")) from None
    held = None if pacing == "accepted" else f"held: {pacing}"
    return Sent(external_id, note or held)


def _checked_url(url: Any, api_base: str | None) -> str:
    """A URL that may be asked with the token: Meta's over TLS, or the server's that stands for it."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host = (parts.hostname or "").lower()
    except ValueError:
        parts, host = urlsplit(""), ""
    is_metas = parts.scheme == "https" and host.endswith(_MEDIA_HOSTS)
    is_stand_in = (
        bool(api_base) and parts.netloc == urlsplit(api_base or "").netloc and parts.scheme in ("http", "https")
    )
    if not (is_stand_in if api_base else is_metas):
        raise NotSent(Permanent(f"media_refused: WhatsApp names a file at {host or 'no host'}"))
    return str(url)
