"""The HTTP API's own description: /openapi.json, Swagger UI at /docs, ReDoc at /redoc, from this function's folder `site`."""

from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from chat4all.http.api import Api
from chat4all.reference_pages import DOCUMENT, FILES, PAGES, ReferencePages

api = Api("reference")
handler = api.handle

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@cache
def pages() -> ReferencePages:
    """The files, read at the first request."""
    return ReferencePages(Path(__file__).parent / "site")


@api.resolver.route(f"{FILES}.+", method=METHODS)
def file() -> Response[Any]:
    """What the pages load."""
    return _answer(api.resolver.current_event.path.removeprefix(FILES))


@api.resolver.route(f"/{DOCUMENT}", method=METHODS, compress=True)
def document() -> Response[Any]:
    """OpenAPI 3.1."""
    return pages().document(api.resolver.current_event.http_method, api.all_headers())


def page() -> Response[Any]:
    """Swagger UI or ReDoc."""
    return _answer(PAGES[api.resolver.current_event.path])


for path in PAGES:
    api.resolver.route(path, method=METHODS)(page)


def _answer(name: str) -> Response[Any]:
    return pages().answer(api.resolver.current_event.http_method, name, api.all_headers())
