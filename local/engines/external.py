"""Engines that somebody else runs."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.engines.installation import Tell
from local.start_error import StartError

_ANSWERS_WITHIN_S = 5.0
OPTIONS = {"kafka": "--kafka-bootstrap", "dynamodb": "--dynamodb-endpoint", "s3": "--s3-endpoint"}
"""By the engine's name: the option that names its address."""


@dataclass(frozen=True, slots=True)
class ExternalEngine:
    """An engine at a URL, or at Kafka's bootstrap servers (`host:port`, separated by commas)."""

    name: str
    address: str
    product: str = "external"
    pid: int | None = None
    external: bool = True
    survives_kill: bool = True

    async def start(self, tell: Tell) -> None:
        """Raises StartError when nothing listens there."""
        tell(f"external at {self.address}")
        failures = []
        for host, port in _servers(self.address):
            try:
                async with asyncio.timeout(_ANSWERS_WITHIN_S):
                    _, writer = await asyncio.open_connection(host, port)
            except (OSError, TimeoutError) as error:
                failures.append(f"{host}:{port}: {str(error) or 'no answer'}")
            else:
                writer.close()
                return
        raise StartError(
            f"The {self.name} that {OPTIONS[self.name]} names does not answer ({'; '.join(failures)}): "
            "start it, or leave the option out to run the stack's own."
        )

    async def until_ended(self) -> str:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def stop(self) -> None:
        """It is not ours."""


def _servers(address: str) -> Iterator[tuple[str, int]]:
    for one in address.split(","):
        parts = urlsplit(one if "://" in one else f"kafka://{one}")
        yield parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
