"""The page on which somebody says who they are: no password, since nobody is real."""

from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

from local.page_headers import PAGE_HEADERS
from local.simulators.sign_in.storage import Storage
from local.simulators.sqlite_file import Row

_TEXT_MAX = 200
_HEADERS = dict(PAGE_HEADERS) | {
    # Without form-action, which would hold for the redirect to the client too.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'",
    # The address has the client's state in it.
    "Cache-Control": "no-store",
}
NAMES = {"google": "Google", "github": "GitHub"}


class Refused(Exception):
    """The answer is a page with a status, as where a browser must not be sent on."""

    def __init__(self, status: int, word: str, text: str) -> None:
        super().__init__(text)
        self.status, self.word, self.text = status, word, text


def choices(provider: str, client_id: str, people: list[Row]) -> web.Response:
    """Who of `people` it is, or somebody new."""
    buttons = "".join(_button(provider, person) for person in people)
    body = f"""<h1>Sign in with {NAMES[provider]}</h1>
<p class="quiet">This is no real {NAMES[provider]}: choose who you are for <code>{escape(client_id)}</code>.</p>
<form method="post" class="people">{buttons}<button name="cancel" value="1">Cancel</button></form>
<h2>Somebody new</h2>
{person_form("Sign in as this person")}"""
    return page(f"Sign in with {NAMES[provider]}", body)


def person_form(go: str, action: str = "") -> str:
    """Fields of a person."""
    return f"""<form method="post" class="person"{f' action="{action}"' if action else ""}>
<label>Name <input name="name" required maxlength="{_TEXT_MAX}" autocomplete="off"></label>
<label>Email <input name="email" type="email" required maxlength="{_TEXT_MAX}" autocomplete="off"></label>
<label>Login on GitHub <input name="login" maxlength="39" autocomplete="off" placeholder="made of the email"></label>
<label class="inline"><input name="unverified" type="checkbox"> the provider has not verified the email</label>
<button class="primary">{escape(go)}</button></form>"""


async def chosen(request: web.Request, storage: Storage) -> Row | None:
    """Who was chosen, or was made just now; None: nobody. Raises Refused."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "forbidden", "The form is of another site")
    form = await request.post()
    if form.get("cancel"):
        return None
    number = str(form.get("person", ""))
    if number:
        found = storage.person(int(number)) if number.isdecimal() and len(number) < 10 else None
        if found is None:
            raise Refused(404, "not_found", "There is no such person")
        return found
    return new_person(form, storage)


def new_person(form: Mapping[str, Any], storage: Storage) -> Row:
    """A person of the fields of `person_form`. Raises Refused."""
    name, email = (str(form.get(field, "")).strip() for field in ("name", "email"))
    if not 0 < len(name) <= _TEXT_MAX or not 0 < len(email) <= _TEXT_MAX:
        raise Refused(400, "invalid_request", f"Name and email have 1 to {_TEXT_MAX} characters")
    login = str(form.get("login", "")).strip()[:39] or email.partition("@")[0][:39]
    return storage.add_person(name, login, email, verified=not form.get("unverified"))


def refusal(error: Refused) -> web.Response:
    """The page of an error that must not go back to the client."""
    body = f"<h1>Access blocked</h1><p>{escape(error.text)}</p><p class='quiet'>Error {error.status}: {escape(error.word)}</p>"
    return page("Error", body, error.status)


def page(title: str, body: str, status: int = 200) -> web.Response:
    """A page in the look of the simulators."""
    html = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)} (simulated)</title><link rel="icon" href="/pages/icon.svg"><link rel="stylesheet" href="/pages/look.css">
<link rel="stylesheet" href="/pages/sign-in.css"></head><body><main class="sign-in">{body}</main></body></html>"""
    return web.Response(text=html, content_type="text/html", status=status, headers=_HEADERS)


def _button(provider: str, person: Row) -> str:
    known_as = person["login"] if provider == "github" else person["email"]
    note = "" if person["verified"] else " <em>email not verified</em>"
    return (
        f'<button name="person" value="{person["id"]}"><strong>{escape(person["name"])}</strong> '
        f"<span class='quiet'>{escape(known_as)}{note}</span></button>"
    )
