"""A browser before the chat page of a deployment in this process, with a stand-in for the WebSocket API."""

from collections.abc import Callable, Iterator

import pytest

from chat4all.bootstrap import App
from tests.contract.chat_page.deployment import RoutingPublisher, deployment
from tests.contract.chat_page.hub import Hub, serving
from tests.contract.chat_page.person import Person
from tests.contract.messaging import new_user
from tests.contract.upload_page.gateway import Gateway, tab_alone
from tests.local.console.browser import Browser, Page

MakePerson = Callable[[str], Person]


@pytest.fixture(scope="package")
def modules(browser: Browser, credentials: None) -> Iterator[Page]:
    with tab_alone(browser, "/chat") as page:
        yield page


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub()) as hub:
        yield hub


@pytest.fixture
def gateway(deployed: App, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with deployment(hub, RoutingPublisher(), monkeypatch) as gateway:
        yield gateway


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
