"""Pages that describe the HTTP API (Swagger UI, ReDoc) and the document that they show; nothing comes from another host."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from chat4all.http.static_files import StaticFiles
from chat4all.web_pages import HEADERS

PAGES: Mapping[str, str] = {"/docs": "docs.html", "/redoc": "redoc.html"}
"""File of each page, by its path."""
DOCUMENT = "openapi.json"
FILES = "/reference/"
"""Below it is what the pages load."""
_ENDS = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES: Mapping[str, str] = {
    "docs.html": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    f"connect-src 'self'; {_ENDS}",
    "redoc.html": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    f"worker-src blob:; connect-src 'self'; {_ENDS}",
}
"""Content Security Policy (Level 3) of a page: scripts of our own only. Both libraries write styles into elements; ReDoc searches
in a worker that it makes of its own script."""
_FILE_POLICY = "default-src 'none'"


class ReferencePages:
    """The files below `root`, which change with a deployment only."""

    def __init__(self, root: Path) -> None:
        self._files = StaticFiles(root, FILES)

    def answer(self, method: str, name: str, asked: Mapping[str, str]) -> Response[Any]:
        """The file `name` for a request with the headers `asked`; raises NotFound, MethodNotAllowed."""
        answer = self._files.answer(method, name, asked)
        answer.headers |= {**HEADERS, "Content-Security-Policy": _POLICIES.get(name, _FILE_POLICY)}
        return answer

    def document(self, method: str, asked: Mapping[str, str]) -> Response[Any]:
        """The OpenAPI document, as text: powertools takes JSON as nothing else, and compresses it. Anybody's tools may read it,
        from any page: it is public, and the same for everybody. Raises as `answer`."""
        as_it_is = {name: value for name, value in asked.items() if name != "accept-encoding"}
        answer = self.answer(method, DOCUMENT, as_it_is)
        answer.body = answer.body.decode() if answer.body else None
        answer.headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
        return answer
