"""The static files of the simulators' pages."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from local.page_headers import PAGE_HEADERS

PAGES = Path(__file__).parent / "pages"


def page(name: str) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    """Handler that answers the file `name` of the pages folder."""

    async def answer(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGES / name, headers=PAGE_HEADERS)

    return answer


def add_pages(app: web.Application) -> None:
    """Routes `/pages/<file>`."""
    for path in sorted(PAGES.iterdir()):
        if path.suffix in (".css", ".js", ".svg"):
            app.router.add_get(f"/pages/{path.name}", page(path.name))
