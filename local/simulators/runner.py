"""The simulators as routes of a server: the console's, or one of their own."""

from pathlib import Path

from aiohttp import web

from local.simulators.graph import Graph
from local.simulators.pages import add_pages
from local.simulators.sign_in import SignIn
from local.simulators.telegram import Telegram

MAX_BODY_BYTES = 105 * 1024 * 1024
"""A little above the 100 MB of a document on WhatsApp; what takes less refuses more itself."""


class Simulators:
    """Running simulators."""

    def __init__(self, runner: web.AppRunner, host: str, port: int) -> None:
        self._runner = runner
        self.host = host
        self.port = port
        """The port that was bound (of use where 0 was asked for)."""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def stop(self) -> None:
        """Stop listening and delivering. What is pending stays on disk."""
        await self._runner.cleanup()


def add_simulators(
    app: web.Application, data_dir: Path, *, rate_limits: bool | None = None, first_retry_s: float = 0.5
) -> None:
    """Serve the simulators from `app`, which takes bodies of `MAX_BODY_BYTES`; state in `data_dir` survives kill -9.

    Args:
        rate_limits: switches the providers' rates on or off; None: as it was last (at first on).
        first_retry_s: wait before a failed webhook is repeated for the first time; each further wait is twice as long.
    """
    telegram = Telegram(_file_in(data_dir), first_retry_s=first_retry_s)
    graph = Graph(data_dir, first_retry_s=first_retry_s)
    if rate_limits is not None:
        telegram.storage.set_setting("rate_limits", rate_limits)
        graph.storage.set_setting("rate_limits", rate_limits)
    add_pages(app)
    telegram.add_to(app)
    graph.add_to(app)
    SignIn(data_dir).add_to(app)


async def start_simulators(
    host: str, port: int, data_dir: Path, *, rate_limits: bool | None = None, first_retry_s: float = 0.5
) -> Simulators:
    """Serve the simulators alone on `host:port`; the rest as `add_simulators`.

    Raises:
        OSError: the port is taken.
    """
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    add_simulators(app, data_dir, rate_limits=rate_limits, first_retry_s=first_retry_s)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    return Simulators(runner, host, int(bound))


def _file_in(data_dir: Path) -> Path:
    data_dir.mkdir(parents=True, exist_ok=True)
    return data_dir / "telegram.sqlite3"
