"""The composition root: everything a function may use, each made at its first use and kept for the environment's life."""

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chat4all.config import Settings, settings

if TYPE_CHECKING:
    from chat4all.conversations import Conversations
    from chat4all.history import History
    from chat4all.kafka.publisher import Publisher
    from chat4all.outbox import OutboxSweeper
    from chat4all.realtime import Realtime
    from chat4all.receipts import Receipts
    from chat4all.routing import Router
    from chat4all.sending import Sending


class App:
    """Services of one process. Imports stand inside, so that a function loads only what it uses."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def publisher(self) -> "Publisher":
        from chat4all.kafka.publisher import Publisher

        return Publisher(self.settings.kafka_bootstrap_servers)


@cache
def app() -> App:
    """The services of this environment."""
    return App(settings())
