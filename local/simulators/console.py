"""The console's index page and the static files of all pages."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

PAGES = Path(__file__).parent / "pages"

_HEADERS = {
    # No inline scripts or styles, nothing from elsewhere.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def page(name: str) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    """Handler that answers the file `name` of the pages folder."""

    async def answer(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGES / name, headers=_HEADERS)

    return answer


def add_console(app: web.Application) -> None:
    """Routes `/` and `/pages/<file>`."""
    app.router.add_get("/", page("console.html"))
    for path in sorted(PAGES.iterdir()):
        if path.suffix in (".css", ".js", ".svg"):
            app.router.add_get(f"/pages/{path.name}", page(path.name))
