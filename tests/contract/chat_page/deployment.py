"""A deployment in this process whose messages are routed as they are sent, and the stand-in for its WebSocket API."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from chat4all import bootstrap, config
from chat4all.connections import Connections
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.routing import Router
from tests.contract.chat_page.hub import Hub
from tests.contract.handlers import new_environments
from tests.contract.messaging import KeptPublisher, records
from tests.contract.upload_page.gateway import Gateway, running


class RoutingPublisher(KeptPublisher):
    """Routes what is sent at once, as the consumer of its topic does."""

    def publish(self, events: Sequence[Event]) -> None:
        """Keep `events`, and route messages."""
        super().publish(events)
        sent = [event for event in events if event.topic == Topic.MESSAGES]
        if sent:
            Router(config.settings(), self, Connections()).route(records(sent))


@contextmanager
def deployment(hub: Hub, publisher: RoutingPublisher, variables: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Its gateway. Nobody sends too fast there."""
    variables.setenv("FILES_BUCKET", "files")
    variables.setenv("WEBSOCKET_URL", hub.url)
    for name in ("SENDS_PER_SECOND", "SEND_BURST"):
        variables.setenv(name, "1000")
    new_environments()
    bootstrap.app().__dict__.update(publisher=publisher, prompt_publisher=publisher)
    with running() as gateway:
        yield gateway
    new_environments()
