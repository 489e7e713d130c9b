"""Signing in by a provider in a real browser: the chat page, the simulated providers' pages, and back."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from chat4all.bootstrap import App
from tests.contract.chat_page.deployment import RoutingPublisher, deployment
from tests.contract.chat_page.hub import Hub, serving
from tests.contract.chat_page.person import WITHIN_S, Person
from tests.contract.handlers import new_environments
from tests.contract.sign_in.conftest import MakePerson
from tests.local.console.browser import Browser, until

pytestmark = pytest.mark.engines


@pytest.fixture
def ana(
    browser: Browser, deployed: App, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    """Who sits before the page of a deployment."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with (
        serving(Hub()) as hub,
        deployment(hub, RoutingPublisher(), monkeypatch) as gateway,
        browser.open("about:blank") as page,
    ):
        monkeypatch.setenv("PUBLIC_URL", gateway.url)
        new_environments()
        page.look(width=1100, height=820)
        yield Person(gateway.url, "ana", hub, page)
        assert page.problems == []
        page.close()


def seen(ana: Person, name: str) -> None:
    """A picture of what is seen, where SIGN_IN_PICTURES names a folder."""
    if folder := os.environ.get("SIGN_IN_PICTURES"):
        ana.tab.screenshot(Path(folder) / f"{name}.png")


def choose(ana: Person, provider: str, name: str) -> None:
    """Somebody on the provider's page."""
    ana.sees(f"This is no real {provider}", "main")
    ana.tab.run(
        f"[...document.querySelectorAll('[name=person]')].find((one) => one.innerText.includes('{name}')).click()"
    )


def open_account(ana: Person) -> None:
    ana.until("document.querySelector('#account')?.childElementCount > 0")
    ana.tab.run("document.querySelector('#account').click()")
    ana.sees("Ways to sign in", "dialog[open]")


def test_somebody_comes_by_google_links_github_and_comes_back_by_it(ana: Person, make_person: MakePerson) -> None:
    name, tab = f"Ana {uuid4().hex[:6]}", ana.tab
    make_person(name)
    tab.go(f"{ana.url}/chat")
    ana.sees("Sign in with GitHub", "#sign-in")
    assert ana.faults() == []
    seen(ana, "page")

    tab.click("Sign in with Google")
    ana.sees("This is no real Google", "main")
    assert ana.faults() == []
    seen(ana, "google")
    choose(ana, "Google", name)
    ana.until("document.querySelector('#welcome')?.hidden && !document.querySelector('.skeleton')")
    until(lambda: tab.run("location.hash").startswith("#/") or not tab.run("location.hash"), WITHIN_S)
    assert "sign-in" not in tab.run("location.href + JSON.stringify(sessionStorage) + document.cookie")

    open_account(ana)
    ana.sees("Set a password", "dialog[open]")
    assert ana.faults() == []
    seen(ana, "account")
    tab.run("document.querySelector('[aria-label=\"Link: GitHub\"]').click()")
    choose(ana, "GitHub", name)
    ana.sees("You can sign in with GitHub now", "body")
    ana.until("document.querySelectorAll('dialog[open] [aria-label^=Unlink]').length === 2")
    seen(ana, "linked")
    tab.run("document.querySelector('[aria-label=\"Unlink: Google\"]').click()")
    ana.until("document.querySelectorAll('dialog[open] [aria-label^=Unlink]').length === 1")
    tab.run("document.querySelector('[aria-label=\"Unlink: GitHub\"]').click()")
    ana.sees("It is your last way to sign in", "body")
    ana.forgive("409")

    tab.click("Sign out")
    ana.sees("Sign in with GitHub", "#sign-in")
    tab.click("Sign in with GitHub")
    ana.sees("This is no real GitHub", "main")
    tab.click("Cancel")
    ana.sees("The sign-in was cancelled there", "#sign-in")
    seen(ana, "cancelled")
    tab.click("Sign in with GitHub")
    choose(ana, "GitHub", name)
    ana.until("document.querySelector('#welcome')?.hidden && !document.querySelector('.skeleton')")
    open_account(ana)
    ana.sees(name, "dialog[open]")


def test_a_code_that_somebody_else_has_sent_signs_nobody_in(ana: Person) -> None:
    ana.tab.go(f"{ana.url}/chat#sign-in={'x' * 43}&provider=google")
    ana.sees("begun in another window", "#sign-in")
    assert ana.tab.run("location.href") == f"{ana.url}/chat"
