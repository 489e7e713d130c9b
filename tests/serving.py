"""What serves on an event loop, in a thread of its own, for tests that call it without asyncio."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

from anyio.from_thread import start_blocking_portal

T = TypeVar("T")


@contextmanager
def in_thread(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """What `server` gives, which runs as long as the block does."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(server) as served:
        yield served
