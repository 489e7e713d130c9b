"""A browser before the chat page of a deployment in this process, with a stand-in for the WebSocket API."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from chat4all import bootstrap, config
from chat4all.bootstrap import App
from chat4all.connections import Connections
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.routing import Router
from tests.contract.chat_page.hub import Hub, running_hub
from tests.contract.chat_page.person import Person
from tests.contract.handlers import new_environments
from tests.contract.messaging import KeptPublisher, new_user, records
from tests.contract.upload_page.gateway import Gateway, running, tab_alone
from tests.local.console.browser import Browser, Page

MakePerson = Callable[[str], Person]


class RoutingPublisher(KeptPublisher):
    """Routes what is sent at once, as the consumer of its topic does."""

    def publish(self, events: Sequence[Event]) -> None:
        """Keep `events`, and route messages."""
        super().publish(events)
        sent = [event for event in events if event.topic == Topic.MESSAGES]
        if sent:
            Router(config.settings(), self, Connections()).route(records(sent))


@pytest.fixture(scope="package")
def modules(browser: Browser) -> Iterator[Page]:
    with tab_alone(browser, "/chat") as page:
        yield page


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def gateway(deployed: App, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setenv("FILES_BUCKET", "files")
    monkeypatch.setenv("WEBSOCKET_URL", hub.url)
    for name, limit in (("SENDS_PER_SECOND", "1000"), ("SEND_BURST", "1000")):
        monkeypatch.setenv(name, limit)
    new_environments()
    routing = RoutingPublisher()
    bootstrap.app().__dict__.update(publisher=routing, prompt_publisher=routing)
    with running() as gateway:
        yield gateway
    new_environments()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a window of its own kind: nothing of the test before. What the page logs as an error fails the test."""
    with browser.open("about:blank") as page:
        page.look(width=1100, height=760)
        yield page
        assert page.problems == []
        page.close()


@pytest.fixture
def make_person(gateway: Gateway, hub: Hub) -> MakePerson:
    """Registers somebody whose name begins so; the whole name is nobody else's."""
    return lambda name: Person(gateway.url, f"{name}-{new_user()[-8:]}", hub).register()


@pytest.fixture
def ana(make_person: MakePerson, page: Page) -> Person:
    """Who sits before the page."""
    person = make_person("ana")
    person.page = page
    return person
