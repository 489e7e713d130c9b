"""Which DynamoDB engine serves: dynoxide where it is built or can be, else MiniStack."""

from typing import Literal

from local.engines import ministack
from local.engines.cache import cache_dir
from local.engines.dynamodb_build import NO_RUST, dynoxide_path
from local.engines.dynoxide import Dynoxide
from local.engines.engine import Folders
from local.engines.installation import Tell, run_installer
from local.engines.ministack import MiniStack
from local.start_error import StartError

Choice = Literal["auto", "dynoxide", "ministack"]
Product = type[Dynoxide] | type[MiniStack]


class DynamoDb:
    """A DynamoDB endpoint on `host:port`. `choice` `auto` takes MiniStack only where no Rust can build dynoxide."""

    name = "dynamodb"

    def __init__(self, folders: Folders, host: str, port: int, choice: Choice = "auto") -> None:
        self._choice = choice
        self._where = folders, host, port
        self._engine: Dynoxide | MiniStack = (MiniStack if choice == "ministack" else Dynoxide)(*self._where)

    @property
    def product(self) -> str:
        return self._engine.product

    @property
    def address(self) -> str:
        return self._engine.address

    @property
    def pid(self) -> int | None:
        return self._engine.pid

    @property
    def external(self) -> bool:
        return False

    @property
    def survives_kill(self) -> bool:
        return self._engine.survives_kill

    async def until_ended(self) -> str:
        return await self._engine.until_ended()

    async def start(self, tell: Tell) -> None:
        self._engine = (await install(tell, self._choice))(*self._where)
        await self._engine.start(tell)

    async def stop(self) -> None:
        await self._engine.stop()


async def install(tell: Tell, choice: Choice = "auto") -> Product:
    """Build or install the engine of this choice where it is not; returns which it is. Raises StartError."""
    if choice != "ministack":
        if dynoxide_path().exists():
            return Dynoxide
        module = "local.engines.dynamodb_build"
        code, last = await run_installer(module, cache_dir() / "dynoxide-install.log", tell)
        if code == 0:
            return Dynoxide
        if code != NO_RUST or choice == "dynoxide":
            raise StartError(
                f"dynoxide could not be built: {last}. Check the network and that a C compiler is there and "
                "start again, or take MiniStack with --dynamodb-engine ministack, or another with --dynamodb-endpoint."
            )
        tell(f"{last}: MiniStack serves instead")
    await ministack.install(tell)
    return MiniStack
