"""A call of the Graph API: version, object and edge of the path, the token's account, parameters of query and body."""

import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.simulators.graph.accounts import account_with_token, app_token
from local.simulators.graph.errors import (
    GraphError,
    invalid_parameter,
    no_token,
    unknown_object,
    wrong_proof,
    wrong_token,
)
from local.simulators.graph.storage import Storage
from local.simulators.sqlite_file import Row

NEWEST_VERSION = 26
"""v26.0 of 29 July 2026 (providers.md)."""
_PATH = re.compile(r"/graph/v(?P<version>[0-9]{1,3})\.[0-9]{1,2}/(?P<object>[A-Za-z0-9._|-]+)(?:/(?P<edge>[a-z_]+))?/?")
_BEARER = re.compile(r"(?:Bearer|OAuth)\s+(?P<token>\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """`account` is the token's; `object_id` the account's own id where the path says me; `upload` {data, mime_type, filename}."""

    method: str
    object_id: str
    edge: str
    account: Row
    by_app: bool
    """Whether the token was that of the app: it reaches nothing but the app's own edges."""
    parameters: dict[str, Any]
    upload: Row | None
    origin: str


async def read_call(request: web.Request, storage: Storage) -> Call:
    """Raises GraphError."""
    found = _PATH.fullmatch(request.path)
    if found is None or not 1 <= int(found["version"]) <= NEWEST_VERSION:
        path = request.path.removeprefix("/graph")
        raise GraphError(400, 2500, f"Unknown path components: {path}")  # (unverified)
    parameters, upload = await _parameters(request)
    token = _token(request, parameters)
    account = account_with_token(storage, token)
    if account is None:
        raise wrong_token()
    parameters.pop("access_token", None)
    proof = parameters.pop("appsecret_proof", None)
    if proof is not None and not _is_proof(proof, token, account["app_secret"]):
        raise wrong_proof()
    object_id = account["id"] if found["object"] == "me" else found["object"]
    by_app = token == app_token(account)
    edge = found["edge"] or ""
    if by_app != (edge == "subscriptions") or (by_app and object_id != account["app_id"]):
        raise unknown_object(request.method, object_id)
    return Call(request.method, object_id, edge, account, by_app, parameters, upload, str(request.url.origin()))


def _is_proof(given: Any, token: str, app_secret: str) -> bool:
    """Meta, "Securing requests": HMAC-SHA256 of the access token by the app's secret, in hex."""
    return bool(given == hmac.digest(app_secret.encode(), token.encode(), "sha256").hex())


def _token(request: web.Request, parameters: dict[str, Any]) -> str:
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    token = found["token"] if found else parameters.get("access_token")
    if not token or not isinstance(token, str):
        raise no_token()
    return token


async def _parameters(request: web.Request) -> tuple[dict[str, Any], Row | None]:
    """Parameters by name, and the file of a form; values of forms that look like JSON are read as it."""
    values: dict[str, Any] = {name: _read(value) for name, value in request.query.items()}
    if request.method not in ("POST", "DELETE") or not request.can_read_body:
        return values, None
    if request.content_type == "application/json":
        try:
            document = await request.json()
        except ValueError:
            raise invalid_parameter("The request body is not valid JSON.") from None
        if not isinstance(document, dict):
            raise invalid_parameter("The request body must be a JSON object.")
        return values | document, None
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return values, None
    upload: Row | None = None
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            data = value.file.read()
            mime_type = value.content_type.partition(";")[0].strip()
            upload = {"name": name, "data": data, "mime_type": mime_type, "filename": value.filename}
        else:
            values[name] = _read(value if isinstance(value, str) else bytes(value).decode(errors="replace"))
    return values, upload


def _read(value: str) -> Any:
    if value[:1] in "{[":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
