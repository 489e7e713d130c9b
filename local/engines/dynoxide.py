"""dynoxide: DynamoDB on SQLite, durable in one file."""

from functools import partial

from local.engines.dynamodb_build import VERSION, dynoxide_path
from local.engines.installation import Tell
from local.engines.process import Command, EngineProcess, http_answers
from local.engines.process_engine import ProcessEngine


class Dynoxide(ProcessEngine):
    """A DynamoDB endpoint on `host:port`. Start it only when `dynoxide_path()` exists."""

    name = "dynamodb"
    product = f"dynoxide {VERSION}"

    async def start(self, tell: Tell) -> None:
        tell("starting")
        folder = self._folders.data
        database = ["--db-path", str(folder / "dynoxide.sqlite")]
        arguments = [str(dynoxide_path()), "serve", "--host", self._host, "-p", str(self._port), *database]
        self._process = EngineProcess(Command(self.name, arguments, self._folders.logs / "dynamodb.log", folder))
        await self._process.start(partial(http_answers, self._host, self._port))
