"""What engines that are one process of the stack have in common."""

from local.engines.engine import Folders
from local.engines.process import EngineProcess


class ProcessEngine:
    """One process that answers HTTP on `host:port`. Those that are started set `_process`."""

    def __init__(self, folders: Folders, host: str, port: int) -> None:
        self._folders = folders
        self._host = host
        self._port = port
        self._process: EngineProcess | None = None

    @property
    def address(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def external(self) -> bool:
        return False

    @property
    def survives_kill(self) -> bool:
        return True

    async def until_ended(self) -> str:
        return await self._process.until_ended() if self._process else "was not started"

    async def stop(self) -> None:
        if self._process:
            await self._process.stop()
