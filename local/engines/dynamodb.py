"""Which DynamoDB engine serves: dynoxide where it is built or can be, else MiniStack."""

from typing import Literal

from local.engines.dynamodb_build import NO_RUST, dynoxide_path
from local.engines.dynoxide import Dynoxide
from local.engines.engine import Folders
from local.engines.installation import Tell, run_installer
from local.engines.ministack import MiniStack
from local.start_error import StartError

Choice = Literal["auto", "dynoxide", "ministack"]


class DynamoDb:
    """A DynamoDB endpoint on `host:port`. `choice` `auto` takes MiniStack only where no Rust can build dynoxide."""

    name = "dynamodb"

    def __init__(self, folders: Folders, host: str, port: int, choice: Choice = "auto") -> None:
        self._folders = folders
        self._choice = choice
        self._engine: Dynoxide | MiniStack = (
            MiniStack(folders, host, port) if choice == "ministack" else Dynoxide(folders, host, port)
        )
        self._fallback = MiniStack(folders, host, port)

    @property
    def product(self) -> str:
        return self._engine.product

    @property
    def address(self) -> str:
        return self._engine.address

    @property
    def pid(self) -> int | None:
        return self._engine.pid

    async def start(self, tell: Tell) -> None:
        if isinstance(self._engine, Dynoxide) and not dynoxide_path().exists():
            await self._build(tell)
        await self._engine.start(tell)

    async def _build(self, tell: Tell) -> None:
        log = self._folders.logs / "dynamodb-build.log"
        code, last = await run_installer("local.engines.dynamodb_build", log, tell)
        if code == NO_RUST and self._choice == "auto":
            tell(f"{last}: taking MiniStack")
            self._engine = self._fallback
        elif code != 0:
            raise StartError(
                f"dynoxide could not be built: {last} (log: {log}). Check the network and that a C compiler is there and "
                "start again, or take MiniStack with --dynamodb-engine ministack, or another with --dynamodb-endpoint."
            )

    async def stop(self) -> None:
        await self._engine.stop()
