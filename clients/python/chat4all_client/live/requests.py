"""What is asked of the server: over the WebSocket while there is one, else over HTTP. All of it is safe to repeat."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from chat4all_client.errors import Unreachable
from chat4all_client.live.link import Link
from chat4all_client.live.outcomes import Later
from chat4all_client.live.session import Session, SignedOut
from chat4all_client.live.settings import LiveSettings

Json = dict[str, Any]
Route = Callable[[Json], tuple[str, str, Json | None]]


class Requests:
    """`link` is set while a connection is open."""

    def __init__(self, session: Session, settings: LiveSettings) -> None:
        self._session = session
        self._settings = settings
        self.link: Link | None = None

    async def ask(self, action: str, data: Json) -> Json:
        """One try.

        Raises:
            ApiError: refused for good. Later: nothing is known of what came of it; the same again, later.
        """
        link = self.link
        if link is not None and len(json.dumps(data)) <= self._settings.frame_bytes:
            return await link.request(action, data, self._settings.answer_within_s)
        method, path, body = _ROUTES[action](data)
        return await self.call(method, path, body)

    async def call(self, method: str, path: str, body: Json | None = None) -> Json:
        """One try over HTTP; raises ApiError, Later."""
        try:
            return await self._session.call(method, path, body)
        except Unreachable as error:
            raise Later(str(error), error.retry_after_s) from error
        except SignedOut as error:
            raise Later(str(error)) from error  # it says nothing of what was asked


def _send(data: Json) -> tuple[str, str, Json | None]:
    return "POST", "/v1/messages", data


def _edit(data: Json) -> tuple[str, str, Json | None]:
    return "PATCH", f"/v1/messages/{data['message_id']}", {k: v for k, v in data.items() if k != "message_id"}


def _delete(data: Json) -> tuple[str, str, Json | None]:
    return "DELETE", f"/v1/messages/{data['message_id']}", None


def _react(data: Json) -> tuple[str, str, Json | None]:
    path = f"/v1/messages/{data['message_id']}/reactions/{quote(data['emoji'], safe='')}"
    return "DELETE" if data.get("remove") else "PUT", path, None


def _receipt(data: Json) -> tuple[str, str, Json | None]:
    body = {k: v for k, v in data.items() if k != "conversation_id"}
    return "POST", f"/v1/conversations/{data['conversation_id']}/receipts", body


def _typing(data: Json) -> tuple[str, str, Json | None]:
    body = {k: v for k, v in data.items() if k != "conversation_id"}
    return "POST", f"/v1/conversations/{data['conversation_id']}/typing", body or None


_ROUTES: dict[str, Route] = {
    "send": _send,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "receipt": _receipt,
    "typing": _typing,
}
"""The same over HTTP."""
