"""`python -m local fetch`: what the engines need, downloaded and built, and nothing started."""

import asyncio
from collections.abc import Awaitable, Callable

from local.engines import dynamodb, kafka
from local.progress import Progress


async def fetch() -> int:
    """Returns 0 when everything is in the cache. Raises StartError."""
    progress = Progress(lambda text: print(text, flush=True))

    async def install(name: str, install_engine: Callable[[Callable[[str], None]], Awaitable[object]]) -> None:
        async with progress.part(name) as tell:
            await install_engine(tell)

    await asyncio.gather(install("dynamodb", dynamodb.install), install("kafka", kafka.install))
    return 0
