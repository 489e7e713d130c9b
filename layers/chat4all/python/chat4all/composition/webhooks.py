"""Outgoing webhooks: endpoints, dispatch, sending and the log."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.composition.files import FileServices

if TYPE_CHECKING:
    from chat4all.webhooks.deliveries import Deliveries
    from chat4all.webhooks.dispatch import Dispatcher
    from chat4all.webhooks.endpoints import Webhooks
    from chat4all.webhooks.sender import WebhookSender


class WebhookServices(FileServices):
    """A part of `bootstrap.App`, which says how services are made."""

    @cached_property
    def webhooks(self) -> "Webhooks":
        from chat4all.webhooks.endpoints import Webhooks

        self.bind_tables()
        return Webhooks(self.settings, self.rate_limiter)

    @cached_property
    def webhook_deliveries(self) -> "Deliveries":
        from chat4all.webhooks.deliveries import Deliveries

        self.bind_tables()
        return Deliveries(self.settings, self.prompt_publisher, self.rate_limiter)

    @cached_property
    def webhook_dispatcher(self) -> "Dispatcher":
        from chat4all.webhooks.dispatch import Dispatcher

        self.bind_tables()
        return Dispatcher(self.settings, self.publisher)

    @cached_property
    def webhook_sender(self) -> "WebhookSender":
        from chat4all.domain.webhook_url import hosts_of
        from chat4all.webhooks.exchange import Exchange
        from chat4all.webhooks.sender import WebhookSender

        self.bind_tables()
        return WebhookSender(Exchange(hosts_of(self.settings.webhook_hosts)), self.publisher)
