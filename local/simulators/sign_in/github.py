"""GitHub's OAuth apps and the two calls that say who somebody is, below /github (docs.github.com, "Authorizing OAuth apps").

The server is `<origin>/github`, its API `<origin>/github/api`.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from local.simulators.settings import Settings
from local.simulators.sign_in.choosing import Refused, choices, chosen, refusal
from local.simulators.sign_in.clients import has_secret, is_proved, is_registered
from local.simulators.sign_in.storage import Storage
from local.simulators.sign_in.trouble import with_trouble
from local.simulators.sqlite_file import Row

_TOKENS_MAX = 10
"""Of a person, a client and a scope; the oldest ends ("Multiple tokens for OAuth apps")."""
_CALLS_MAX = 5000
"""An hour of a user ("Rate limits for the REST API")."""
_DOCS = "https://docs.github.com/rest"


class GitHub:
    """One server."""

    def __init__(self, storage: Storage, settings: Settings) -> None:
        self._storage = storage
        self._settings = settings

    def add_to(self, app: web.Application) -> None:
        """Routes."""
        app.router.add_get("/github/login/oauth/authorize", self._authorize)
        app.router.add_post("/github/login/oauth/authorize", self._decided)
        app.router.add_post("/github/login/oauth/access_token", self._token)
        app.router.add_get("/github/api/user", self._user)
        app.router.add_get("/github/api/user/emails", self._emails)

    async def _authorize(self, request: web.Request) -> web.Response:
        try:
            client, _ = self._client(request.query)
        except Refused as error:
            return refusal(error)
        except _SentBack as error:
            return _back(error.redirect_uri, request.query, error.answer)
        return choices("github", client["id"], self._storage.people())

    async def _decided(self, request: web.Request) -> web.Response:
        try:
            client, redirect_uri = self._client(request.query)
            person = await chosen(request, self._storage)
        except Refused as error:
            return refusal(error)
        except _SentBack as error:
            return _back(error.redirect_uri, request.query, error.answer)
        if person is None:
            text = "The user has denied your application access."
            return _back(redirect_uri, request.query, {"error": "access_denied", "error_description": text})
        asked = {"scope": "", "redirect_uri": redirect_uri} | dict(request.query)
        code = self._storage.add_code("github", client["id"], person["id"], asked)
        return _back(redirect_uri, request.query, {"code": code})

    def _client(self, query: Mapping[str, str]) -> tuple[Row, str]:
        client = self._storage.client("github", query.get("client_id", ""))
        if client is None:
            raise Refused(404, "not_found", "There is no such OAuth app")
        registered = (client["redirect_uris"] or [""])[0]
        redirect_uri = query.get("redirect_uri") or registered
        if not is_registered(client, redirect_uri, subpaths=True):
            if not registered:
                raise Refused(400, "redirect_uri_mismatch", f"{redirect_uri} is not this machine's")
            text = "The redirect_uri MUST match the registered callback URL for this application."
            raise _SentBack(registered, {"error": "redirect_uri_mismatch", "error_description": text})
        if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
            text = "code_challenge_method must be S256"
            raise _SentBack(redirect_uri, {"error": "invalid_request", "error_description": text})
        return client, redirect_uri

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        document = await with_trouble(request, self._settings, lambda: self._granted(form))
        if "json" in request.headers.get("Accept", ""):
            return web.json_response(document)
        return web.Response(text=urlencode(document), content_type="application/x-www-form-urlencoded")

    def _granted(self, form: dict[str, str]) -> dict[str, Any]:
        """Errors have the status 200, too ("Troubleshooting OAuth app access token request errors")."""
        client = self._storage.client("github", form.get("client_id", ""))
        if client is None or not has_secret(client, form):
            return _error("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
        used = self._storage.use_code("github", form.get("code", ""))
        if (
            used is None
            or used["client_id"] != client["id"]
            or not is_proved(used["asked"], form.get("code_verifier", ""))
        ):
            return _error("bad_verification_code", "The code passed is incorrect or expired.")
        if form.get("redirect_uri", used["asked"]["redirect_uri"]) != used["asked"]["redirect_uri"]:
            text = "The redirect_uri MUST match the registered callback URL for this application."
            return _error("redirect_uri_mismatch", text)
        token = self._storage.add_token("github", used, _TOKENS_MAX)
        return {"access_token": token, "scope": ",".join(used["asked"]["scope"].split()), "token_type": "bearer"}

    async def _user(self, request: web.Request) -> web.Response:
        row, refused = self._known(request)
        if refused is not None:
            return refused
        person = self._storage.person(row["person_id"]) or {}
        document = {
            "login": person["login"],
            "id": 1_000_000 + person["id"],
            "type": "User",
            "name": person["name"],
            "email": None,
            "two_factor_authentication": False,
        }
        return web.json_response(document, headers=_headers(row))

    async def _emails(self, request: web.Request) -> web.Response:
        row, refused = self._known(request)
        if refused is not None:
            return refused
        if not {"user", "user:email"} & set(row["scope"].split()):
            return _api_error(404, "Not Found", row)
        person = self._storage.person(row["person_id"]) or {}
        emails = [
            {
                "email": f"{person['id']}+{person['login']}@users.noreply.github.com",
                "primary": False,
                "verified": True,
                "visibility": None,
            },
            {
                "email": person["email"],
                "primary": True,
                "verified": bool(person["verified"]),
                "visibility": "private",
            },
        ]
        return web.json_response(emails, headers=_headers(row))

    def _known(self, request: web.Request) -> tuple[Row, web.Response | None]:
        """The token of a call, and what is answered instead."""
        if not request.headers.get("User-Agent"):
            text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            return {}, web.Response(status=403, text=text)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        row = self._storage.token("github", token) if kind.lower() in ("bearer", "token") else None
        if row is None:
            return {}, _api_error(401, "Bad credentials" if token else "Requires authentication")
        if self._settings.flag("rate_limits") and row["calls"] > _CALLS_MAX:
            return row, _api_error(403, f"API rate limit exceeded for user ID {row['person_id']}.", row)
        return row, None


class _SentBack(Exception):
    """Told to the client by a redirect."""

    def __init__(self, redirect_uri: str, answer: dict[str, str]) -> None:
        super().__init__(answer["error"])
        self.redirect_uri, self.answer = redirect_uri, answer


def _back(redirect_uri: str, query: Mapping[str, str], answer: dict[str, str]) -> web.Response:
    state = {"state": query["state"]} if "state" in query else {}
    parts = urlsplit(redirect_uri)
    joined = urlencode([*parse_qsl(parts.query), *answer.items(), *state.items()])
    return web.Response(status=302, headers={"Location": parts._replace(query=joined).geturl()})


def _error(word: str, text: str) -> dict[str, Any]:
    where = "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors"
    return {"error": word, "error_description": text, "error_uri": f"{where}/#{word.replace('_', '-')}"}


def _api_error(status: int, text: str, row: Row | None = None) -> web.Response:
    document = {"message": text, "documentation_url": _DOCS, "status": str(status)}
    return web.json_response(document, status=status, headers=_headers(row) if row else {})


def _headers(row: Row) -> dict[str, str]:
    left = max(0, _CALLS_MAX - row["calls"])
    return {
        "X-OAuth-Scopes": ", ".join(row["scope"].split()),
        "X-RateLimit-Limit": str(_CALLS_MAX),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": str(int(time.time()) + 3600),
    }
