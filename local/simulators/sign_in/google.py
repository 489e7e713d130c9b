"""Google's OpenID provider, as developers.google.com/identity/openid-connect/openid-connect has it, below /google."""

import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from local.simulators.settings import Settings
from local.simulators.sign_in.choosing import Refused, choices, chosen, refusal
from local.simulators.sign_in.clients import has_secret, is_proved, is_registered
from local.simulators.sign_in.keys import Keys
from local.simulators.sign_in.storage import Storage
from local.simulators.sign_in.trouble import with_trouble
from local.simulators.sqlite_file import Row

_TOKENS_MAX = 100
"""Of a person and a client (support.google.com, "OAuth limits"); the oldest ends without a word."""
_TOKEN_S = 3599
_METHODS = ("plain", "S256")


class TokenError(Exception):
    """RFC 6749, section 5.2."""

    def __init__(self, status: int, word: str, text: str) -> None:
        super().__init__(text)
        self.status, self.word, self.text = status, word, text


class Google:
    """One issuer: `<origin>/google`."""

    def __init__(self, storage: Storage, keys: Keys, settings: Settings) -> None:
        self._storage = storage
        self._keys = keys
        self._settings = settings

    def add_to(self, app: web.Application) -> None:
        """Routes."""
        app.router.add_get("/google/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/google/oauth2/v3/certs", self._certs)
        app.router.add_get("/google/o/oauth2/v2/auth", self._authorize)
        app.router.add_post("/google/o/oauth2/v2/auth", self._decided)
        app.router.add_post("/google/token", self._token)
        app.router.add_get("/google/v1/userinfo", self._userinfo)

    async def _discovery(self, request: web.Request) -> web.Response:
        issuer = _issuer(request)
        document = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/o/oauth2/v2/auth",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/v1/userinfo",
            "jwks_uri": f"{issuer}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": list(_METHODS),
            "grant_types_supported": ["authorization_code"],
        }
        return web.json_response(document, headers={"Cache-Control": "public, max-age=3600"})

    async def _certs(self, _request: web.Request) -> web.Response:
        return web.json_response(self._keys.jwks(), headers={"Cache-Control": "public, max-age=3600"})

    async def _authorize(self, request: web.Request) -> web.Response:
        try:
            client, redirect_uri = self._client(request.query)
        except Refused as error:
            return refusal(error)
        wrong = _wrong(request.query)
        if wrong is not None:
            return _back(redirect_uri, request.query, {"error": wrong[0], "error_description": wrong[1]})
        return choices("google", client["id"], self._storage.people())

    async def _decided(self, request: web.Request) -> web.Response:
        try:
            client, redirect_uri = self._client(request.query)
            person = await chosen(request, self._storage)
        except Refused as error:
            return refusal(error)
        if person is None or _wrong(request.query) is not None:
            return _back(redirect_uri, request.query, {"error": "access_denied"})
        code = self._storage.add_code("google", client["id"], person["id"], dict(request.query))
        granted = {"scope": request.query["scope"], "authuser": "0", "prompt": "none", "iss": _issuer(request)}
        return _back(redirect_uri, request.query, {"code": code, **granted})

    def _client(self, query: Mapping[str, str]) -> tuple[Row, str]:
        client = self._storage.client("google", query.get("client_id", ""))
        if client is None:
            raise Refused(401, "invalid_client", "The OAuth client was not found.")
        redirect_uri = query.get("redirect_uri", "")
        if not is_registered(client, redirect_uri, subpaths=False):
            raise Refused(400, "redirect_uri_mismatch", f"{redirect_uri} is not registered for this client")
        return client, redirect_uri

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            document = await with_trouble(request, self._settings, lambda: self._granted(request, form))
        except TokenError as error:
            answer = {"error": error.word, "error_description": error.text}
            return web.json_response(answer, status=error.status, headers={"Cache-Control": "no-store"})
        return web.json_response(document, headers={"Cache-Control": "no-store"})

    def _granted(self, request: web.Request, form: dict[str, str]) -> dict[str, Any]:
        form |= _basic(request.headers.get("Authorization", ""))
        client = self._storage.client("google", form.get("client_id", ""))
        if client is None or not has_secret(client, form):
            raise TokenError(401, "invalid_client", "Unauthorized")
        if form.get("grant_type") != "authorization_code":
            raise TokenError(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}")
        used = self._storage.use_code("google", form.get("code", ""))
        if used is None or used["client_id"] != client["id"]:
            raise TokenError(400, "invalid_grant", "Malformed auth code.")
        asked = used["asked"]
        if form.get("redirect_uri") != asked["redirect_uri"]:
            raise TokenError(400, "redirect_uri_mismatch", "Bad Request")
        if not is_proved(asked, form.get("code_verifier", "")):
            missing = "Invalid" if form.get("code_verifier") else "Missing"
            raise TokenError(400, "invalid_grant", f"{missing} code verifier.")
        token = self._storage.add_token("google", used, _TOKENS_MAX)
        person = self._storage.person(used["person_id"])
        claims = _claims(_issuer(request), used, person or {}, token)
        return {
            "access_token": token,
            "expires_in": _TOKEN_S,
            "scope": asked["scope"],
            "token_type": "Bearer",
            "id_token": self._keys.sign(claims),
        }

    async def _userinfo(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        row = self._storage.token("google", token)
        if row is None or time.time() - row["at"] > _TOKEN_S:
            answer = {"error": "invalid_request", "error_description": "Invalid Credentials"}
            return web.json_response(answer, status=401)
        person = self._storage.person(row["person_id"]) or {}
        return web.json_response({"sub": person["sub"], **_profile(person, row["scope"].split())})


def _wrong(query: Mapping[str, str]) -> tuple[str, str] | None:
    """What is told to the client by a redirect."""
    if query.get("response_type") != "code":
        return "unsupported_response_type", "response_type must be code"
    if "openid" not in query.get("scope", "").split():
        return "invalid_scope", "scope must have openid"
    if query.get("code_challenge") and query.get("code_challenge_method", "plain") not in _METHODS:
        return "invalid_request", "code_challenge_method must be plain or S256"
    return None


def _back(redirect_uri: str, query: Mapping[str, str], answer: dict[str, str]) -> web.Response:
    state = {"state": query["state"]} if "state" in query else {}
    joint = "&" if "?" in redirect_uri else "?"
    return web.Response(status=302, headers={"Location": f"{redirect_uri}{joint}{urlencode({**state, **answer})}"})


def _claims(issuer: str, used: Row, person: Row, token: str) -> dict[str, Any]:
    now, asked = int(time.time()), used["asked"]
    digest = hashlib.sha256(token.encode()).digest()[:16]
    nonce = {"nonce": asked["nonce"]} if asked.get("nonce") else {}
    return {
        "iss": issuer,
        "azp": used["client_id"],
        "aud": used["client_id"],
        "sub": person["sub"],
        "at_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        **nonce,
        **_profile(person, asked["scope"].split()),
        "iat": now,
        "exp": now + 3600,
    }


def _profile(person: Row, scope: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "email" in scope:
        found |= {"email": person["email"], "email_verified": bool(person["verified"])}
    if "profile" in scope:
        found |= {"name": person["name"], "given_name": person["name"].split()[0]}
    return found


def _basic(authorization: str) -> dict[str, str]:
    """client_secret_basic (RFC 6749, section 2.3.1)."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}


def _issuer(request: web.Request) -> str:
    return f"{request.url.origin()}/google"
