"""MiniStack as the DynamoDB engine of a machine without Rust: its tables survive a graceful stop, but not a kill."""

import signal
from functools import partial

from local.engines.cache import cache_dir
from local.engines.installation import Tell, run_installer
from local.engines.ministack_install import ministack_python
from local.engines.process import Command, EngineProcess, http_answers
from local.engines.process_engine import ProcessEngine
from local.start_error import StartError

_SAVE_S = 10.0


class MiniStack(ProcessEngine):
    """A DynamoDB endpoint on `host:port`."""

    name = "dynamodb"
    product = "MiniStack"

    @property
    def survives_kill(self) -> bool:
        return False

    async def start(self, tell: Tell) -> None:
        await install(tell)
        tell("starting")
        self._process = EngineProcess(
            Command(
                self.name,
                [str(ministack_python()), "-m", "ministack"],
                self._folders.logs / "dynamodb.log",
                folder=self._folders.data,
                environment={
                    "BIND_HOST": self._host,
                    "GATEWAY_PORT": str(self._port),
                    "SERVICES": "dynamodb",
                    "PERSIST_STATE": "1",
                    "STATE_DIR": str(self._folders.data / "ministack"),
                },
                stopped_within_s=_SAVE_S,
                # Killed with the stack it would lose everything; asked to end it saves first.
                on_parent_death=signal.SIGTERM,
            )
        )
        await self._process.start(partial(http_answers, self._host, self._port, "/_ministack/health"))
        tell(
            "its tables survive a graceful stop, but not a kill (install Rust 1.88 or newer for an engine that survives)"
        )


async def install(tell: Tell) -> None:
    """Install it where it is not. Raises StartError."""
    if ministack_python().exists():
        return
    log = cache_dir() / "ministack-install.log"
    code, last = await run_installer("local.engines.ministack_install", log, tell)
    if code != 0:
        raise StartError(
            f"MiniStack could not be installed: {last} (exit code {code}, log: {log}). "
            "Check the network and start again, or give another endpoint with --dynamodb-endpoint."
        )
