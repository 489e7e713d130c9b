"""Starts the simulators on the console's port."""

from pathlib import Path

from aiohttp import web

from local.simulators.console import add_console
from local.simulators.telegram import Telegram

MAX_BODY_BYTES = 55 * 1024 * 1024
"""A little above the 50 MB that the Bot API takes."""


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


async def start_simulators(
    host: str, port: int, data_dir: Path, *, rate_limits: bool | None = None, first_retry_s: float = 0.5
) -> Simulators:
    """Serve the console and the simulators on `host:port`; state is kept in `data_dir` and survives kill -9.

    Args:
        rate_limits: switches the providers' rates on or off; None: as it was last (at first on).
        first_retry_s: wait before a failed webhook is repeated for the first time; each further wait is twice as long.

    Raises:
        OSError: the port is taken.
    """
    telegram = Telegram(_file_in(data_dir), first_retry_s=first_retry_s)
    if rate_limits is not None:
        telegram.storage.set_setting("rate_limits", rate_limits)
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    add_console(app)
    telegram.add_to(app)
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
