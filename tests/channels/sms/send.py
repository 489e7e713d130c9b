"""Calls of the gateway."""

from collections.abc import Mapping
from typing import Any

import httpx

from chat4all.channels.channel import Fetched, Target, Unsupported
from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.outgoing import Action, LinkPart, Part, Sent, TextPart, link_text
from tests.channels.sms.errors import fate_of


class Sender:
    """For the life of an environment."""

    def __init__(self, media: Any) -> None:
        self._media = media
        self._http = httpx.Client(timeout=2)

    def send(self, to: Target, part: Part, reply_to: str | None) -> Sent:
        """One SMS; raises NotSent."""
        match part:
            case TextPart():
                text = part.text
            case LinkPart():
                text = link_text(part, self._media.share_link(part.file))
            case _:
                raise NotSent(Permanent("unsupported: an SMS holds text only"))
        body = {"from": to.settings["number"], "to": to.address, "text": text, **to.terms}
        headers = {"Authorization": f"Bearer {to.settings['token']}"}
        try:
            answer = self._http.post(f"{to.settings['api_base']}/messages", json=body, headers=headers)
        except httpx.TransportError as error:
            raise NotSent(fate_of(0, type(error).__name__, 0)) from error
        if answer.status_code != 200:
            raise NotSent(fate_of(answer.status_code, answer.text, float(answer.headers.get("retry-after", 1))))
        return Sent(str(answer.json()["id"]))

    def act(self, to: Target, action: Action) -> None:
        """What was sent cannot be changed."""
        raise Unsupported(f"no_{type(action).__name__.lower()}: an SMS cannot be changed")

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> Fetched:
        """Nobody sends files."""
        raise NotSent(Permanent("unsupported: an SMS has no file"))

    def close(self) -> None:
        """Close connections."""
        self._http.close()
