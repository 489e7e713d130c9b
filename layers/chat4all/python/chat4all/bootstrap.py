"""The composition root: everything a function may use, each made at its first use and kept for the environment's life."""

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chat4all.composition.webhooks import WebhookServices
from chat4all.config import settings

if TYPE_CHECKING:
    from chat4all.export.export import Export
    from chat4all.health import Health
    from chat4all.retries.retrier import Retrier
    from chat4all.websocket.actions import Actions


class App(WebhookServices):
    """Services of one process. Imports stand inside, so that a function loads only what it uses.

    A handler imports the modules of the services it calls, so that they load in Lambda's init phase and not in the first
    invocation (tests/contract/test_init.py).
    """

    @cached_property
    def actions(self) -> "Actions":
        from chat4all.websocket.actions import Actions

        return Actions(self)

    @cached_property
    def export(self) -> "Export":
        from chat4all.export.export import Export

        self.bind_tables()
        return Export(self.accounts)

    @cached_property
    def retrier(self) -> "Retrier":
        from chat4all.retries.invoker import Invoker
        from chat4all.retries.retrier import Retrier

        self.bind_tables()
        return Retrier(self.settings, Invoker(self.settings.functions_by_consumer), self.publisher)

    @cached_property
    def health(self) -> "Health":
        from chat4all.health import Health

        return Health(self.settings)


@cache
def app() -> App:
    """The services of this environment."""
    return App(settings())
