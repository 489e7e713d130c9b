"""The sign-in providers as one object: Google below /google, GitHub below /github, their people at /sign-in."""

from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from local.simulators.phone_requests import PhoneError, answering, field, read_body
from local.simulators.settings import Settings
from local.simulators.sign_in.choosing import Refused, new_person, page, person_form, refusal
from local.simulators.sign_in.github import GitHub
from local.simulators.sign_in.google import Google
from local.simulators.sign_in.keys import Keys
from local.simulators.sign_in.storage import Storage


class SignIn:
    """The simulator. Everything it knows is in `data_dir`."""

    def __init__(self, data_dir: Path) -> None:
        self.storage = Storage(data_dir / "sign-in.sqlite3")
        self.settings = Settings(self.storage)
        self._keys = Keys(self.storage)

    def add_to(self, app: web.Application) -> None:
        """Routes, for as long as `app` runs."""
        Google(self.storage, self._keys, self.settings).add_to(app)
        GitHub(self.storage, self.settings).add_to(app)
        app.router.add_get("/sign-in", self._people)
        app.router.add_post("/sign-in", self._make)
        app.router.add_post("/sign-in/api/clients", answering(self._register))
        app.router.add_post("/sign-in/api/people", answering(self._add))
        app.router.add_put("/sign-in/api/people/{id:[0-9]{1,9}}", answering(self._change))
        app.router.add_post("/sign-in/api/keys", answering(self._rotate))
        app.router.add_put("/sign-in/api/settings", answering(self._set))
        app.cleanup_ctx.append(self._open)

    async def _people(self, _request: web.Request) -> web.Response:
        rows = "".join(
            f"<li><strong>{escape(one['name'])}</strong> {escape(one['email'])} <span class='quiet'>{escape(one['login'])}"
            f"{'' if one['verified'] else ', email not verified'}</span></li>"
            for one in self.storage.people()
        )
        body = f"""<p><a href="/">← Console</a></p><h1>People at Google and GitHub</h1>
<p class="quiet">Whom the simulated sign-in pages offer. Each has an account at both.</p>
<ul class="known">{rows or "<li class='quiet'>Nobody yet</li>"}</ul><h2>Somebody new</h2>{person_form("Add", "/sign-in")}"""
        return page("People at Google and GitHub", body)

    async def _make(self, request: web.Request) -> web.Response:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return refusal(Refused(403, "forbidden", "The form is of another site"))
        try:
            new_person(await request.post(), self.storage)
        except Refused as error:
            return refusal(error)
        return web.Response(status=303, headers={"Location": "/sign-in"})

    async def _register(self, request: web.Request) -> tuple[int, Any]:
        """Of a client: {provider, client_id, client_secret, redirect_uris}."""
        body = await read_body(request)
        provider, uris = field(body, "provider", 10), body.get("redirect_uris")
        if provider not in ("google", "github"):
            raise PhoneError(400, "provider must be google or github")
        if not isinstance(uris, list) or not uris or not all(isinstance(one, str) for one in uris):
            raise PhoneError(400, "redirect_uris must be a list of addresses")
        client_id = field(body, "client_id", 100)
        self.storage.put_client(provider, client_id, field(body, "client_secret", 100), uris)
        return 201, {"provider": provider, "client_id": client_id, "redirect_uris": uris}

    async def _add(self, request: web.Request) -> tuple[int, Any]:
        """Of a person: {name, email, login?, verified?}."""
        body = await read_body(request)
        name, email = field(body, "name", 200), field(body, "email", 200)
        login = field(body, "login", 39, email.partition("@")[0][:39])
        return 201, self.storage.add_person(name, login, email, verified=_flag(body))

    async def _change(self, request: web.Request) -> Any:
        """Of a person: {email, verified?}."""
        body, number = await read_body(request), int(request.match_info["id"])
        if self.storage.person(number) is None:
            raise PhoneError(404, "there is no such person")
        self.storage.change_person(number, field(body, "email", 200), verified=_flag(body))
        return self.storage.person(number)

    async def _rotate(self, request: web.Request) -> tuple[int, Any]:
        """Another key signs."""
        await read_body(request)
        return 201, {"kid": self._keys.rotate()}

    async def _set(self, request: web.Request) -> Any:
        """Faults, see local.simulators.settings."""
        return self.settings.change(await read_body(request))

    async def _open(self, _app: web.Application) -> AsyncIterator[None]:
        yield
        self.storage.close()


def _flag(body: dict[str, Any]) -> bool:
    verified = body.get("verified", True)
    if not isinstance(verified, bool):
        raise PhoneError(400, "verified must be true or false")
    return verified
