"""The console's page and its files."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

PAGES = Path(__file__).parent / "pages"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_VIEWS = ("functions", "invocations", "topics", "routes", "connections", "tables", "buckets")
"""Addresses that the page's own router shows."""


def _file(path: Path, content_type: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers={"Content-Type": f"{content_type}; charset=utf-8"})

    return answer


def add_pages(app: web.Application) -> None:
    """Routes `/`, those of the views, and `/console/<file>`."""
    index = _file(PAGES / "index.html", "text/html")
    app.router.add_get("/", index)
    for view in _VIEWS:
        app.router.add_get(f"/{view}", index)
        app.router.add_get(f"/{view}/{{rest:.*}}", index)
    for path in sorted(PAGES.rglob("*")):
        if path.suffix in _TYPES:
            app.router.add_get(f"/console/{path.relative_to(PAGES).as_posix()}", _file(path, _TYPES[path.suffix]))
