"""The web pages /chat and /upload, and what they load from /pages/*: this function's folder `site`."""

from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.file_bucket  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.config import settings
from chat4all.domain.return_address import origins
from chat4all.errors import MethodNotAllowed
from chat4all.http.api import Api, json_response
from chat4all.http.static_files import ASKED_AGAIN, READ
from chat4all.web_pages import FILES, FIRST_PAGE, HEADERS, PAGES, SETTINGS, WebPages, page_settings, sign_in_addresses

api = Api("pages")
handler = api.handle

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@cache
def pages() -> WebPages:
    """The files, read at the first request."""
    site = Path(__file__).parent / "site"
    return WebPages(site, lambda: app().file_bucket.origin(), settings().websocket_url)


@api.resolver.route("/", method=METHODS)
def first() -> Response[Any]:
    """Who comes without a path."""
    _only_read("/")
    return Response(302, headers={"Location": FIRST_PAGE, "Cache-Control": ASKED_AGAIN})


@api.resolver.route(f"{FILES}{SETTINGS}", method=METHODS)
def page_settings_file() -> Response[Any]:
    """What a page speaks to. The API is where the page comes from, by whichever of its names; a sign-in returns to some only."""
    _only_read(SETTINGS)
    asked = api.all_headers()
    own = f"{asked.get('x-forwarded-proto', 'http')}://{asked.get('host', '')}"
    returns = own in origins(settings().public_url, settings().sign_in_origins.split(","))
    known = settings().sign_in_providers if returns else ()
    document = page_settings(own, settings().websocket_url, sign_in_addresses(known, settings().public_url))
    return json_response(200, document, {**HEADERS, "Cache-Control": ASKED_AGAIN})


@api.resolver.route(f"{FILES}.+", method=METHODS)
def file() -> Response[Any]:
    """What pages load."""
    return _answer(api.resolver.current_event.path.removeprefix(FILES))


def page() -> Response[Any]:
    """One of the pages."""
    return _answer(PAGES[api.resolver.current_event.path])


for path in PAGES:
    api.resolver.route(path, method=METHODS)(page)


def _answer(name: str) -> Response[Any]:
    return pages().answer(api.resolver.current_event.http_method, name, api.all_headers())


def _only_read(what: str) -> None:
    if api.resolver.current_event.http_method not in READ:
        raise MethodNotAllowed(f"{what} can be read only", allow=READ)
