"""dynoxide: DynamoDB on SQLite, durable in one file."""

from functools import partial

from local.engines.dynamodb_build import VERSION, dynoxide_path
from local.engines.engine import Folders
from local.engines.installation import Tell
from local.engines.process import Command, EngineProcess, http_answers


class Dynoxide:
    """A DynamoDB endpoint on `host:port`. Start it only when `dynoxide_path()` exists."""

    name = "dynamodb"
    product = f"dynoxide {VERSION}"

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

    async def start(self, tell: Tell) -> None:
        tell("starting")
        folder = self._folders.data
        database = ["--db-path", str(folder / "dynoxide.sqlite")]
        arguments = [str(dynoxide_path()), "serve", "--host", self._host, "-p", str(self._port), *database]
        self._process = EngineProcess(Command(self.name, arguments, self._folders.logs / "dynamodb.log", folder))
        await self._process.start(partial(http_answers, self._host, self._port))

    async def stop(self) -> None:
        if self._process:
            await self._process.stop()
