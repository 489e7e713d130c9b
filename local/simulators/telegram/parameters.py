"""Parameters of a Bot API call: from the query, a form, multipart or JSON (core.telegram.org/bots/api, "Making requests")."""

import json
from typing import Any

from aiohttp import web

from local.simulators.telegram.errors import BotApiError, bad_request

_ID_END = 2**63


class Parameters:
    """Values by name. In forms everything is text and objects are JSON in it; in a JSON body values have types."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def text(self, name: str) -> str:
        value = self._values.get(name, "")
        if isinstance(value, str):
            if any("\ud800" <= char <= "\udfff" for char in value):
                raise bad_request("strings must be encoded in UTF-8")
            return value
        return "" if isinstance(value, web.FileField) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            value = int(self._values.get(name, default))
        except (TypeError, ValueError, OverflowError):
            value = _ID_END
        if not -_ID_END < value < _ID_END:
            raise bad_request(f"parameter {name} must be an integer")
        return value

    def number(self, name: str) -> float:
        if name not in self._values:
            raise bad_request(f"{name} is empty")
        try:
            return float(self._values[name])
        except (TypeError, ValueError):
            raise bad_request(f"can't parse {name}") from None

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in ("true", "1", "yes")

    def document(self, name: str, kind: type) -> Any:
        """An object or array; None where it is not given."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        try:
            value = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            value = None
        if not isinstance(value, kind):
            raise bad_request(f"can't parse {name} JSON object")
        return value

    def upload(self, name: str) -> tuple[bytes, str] | None:
        """Bytes and name of a file that was uploaded under that field."""
        field = self._values.get(name)
        return (field.file.read(), field.filename) if isinstance(field, web.FileField) else None

    def has(self, name: str) -> bool:
        return name in self._values


async def read_parameters(request: web.Request) -> Parameters:
    """Parameters of a GET or POST, whatever their form; raises BotApiError."""
    values: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return Parameters(values)
    try:
        return Parameters(values | await _body(request))
    except web.HTTPRequestEntityTooLarge:
        raise BotApiError(413, "Request Entity Too Large") from None


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            document = await request.json()
        except ValueError:
            raise bad_request("can't parse request JSON object") from None
        if not isinstance(document, dict):
            raise bad_request("request body must be a JSON object")
        return document
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            return dict(await request.post())
        except ValueError:
            raise bad_request("can't parse the request body as a form") from None
    return {}
