"""/upload and /pages/*: the web pages, from this function's folder `site`."""

from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.file_bucket  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.http.api import Api
from chat4all.web_pages import WebPages

api = Api("pages")
handler = api.handle

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@cache
def pages() -> WebPages:
    """The files, read at the first request."""
    return WebPages(Path(__file__).parent / "site", lambda: app().file_bucket.origin())


@api.resolver.route("/upload", method=METHODS)
def upload() -> Response[Any]:
    """The page on which files are uploaded."""
    return _answer("upload.html")


@api.resolver.route("/pages/.+", method=METHODS)
def file() -> Response[Any]:
    """What pages load."""
    return _answer(api.resolver.current_event.path.removeprefix("/pages/"))


def _answer(name: str) -> Response[Any]:
    return pages().answer(api.resolver.current_event.http_method, name, api.all_headers())
