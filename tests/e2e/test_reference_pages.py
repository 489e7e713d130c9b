"""/docs and /redoc in a browser: both show the whole API, and Swagger UI signs in and asks it."""

from uuid import uuid4

import httpx

from chat4all.contract.table import OPERATIONS, TAGS
from tests.e2e.people import PASSWORD
from tests.e2e.running_stack import RunningStack
from tests.local.console.browser import Browser


def test_swagger_ui_signs_in_and_asks_the_api(stack: RunningStack, browser: Browser) -> None:
    url, name = stack.url("http"), f"ana-{uuid4().hex[:8]}"
    user = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    httpx.post(f"{url}/v1/users", json=user, timeout=60).raise_for_status()
    with browser.open(f"{url}/docs#/Users/getMe") as page:
        page.until_text("GET\n/v1/users/me", "#operations-Users-getMe")
        shown = page.text("#reference")
        assert [operation.id for operation in OPERATIONS if operation.id not in shown] == []
        page.click("Authorize", ".auth-wrapper > button")
        page.write("#oauth_username", name)
        page.write("#oauth_password", PASSWORD)
        page.click("Apply given OAuth2 credentials", ".modal-ux button")
        page.until_text("Logout", ".modal-ux")
        page.click("Close", ".modal-ux button")
        page.click("Try it out", "#operations-Users-getMe button")
        page.click("Execute", "#operations-Users-getMe button")
        page.until_text(f'"username": "{name}"', "#operations-Users-getMe .live-responses-table")
        assert page.problems == []


def test_redoc_shows_every_subject(stack: RunningStack, browser: Browser) -> None:
    with browser.open(f"{stack.url('http')}/redoc") as page:
        page.until_text("Keys that sign access tokens", "#reference")
        menu = page.text("[role=menu]")
        assert [tag for tag in TAGS if tag not in menu] == []
        assert page.problems == []


def test_swagger_ui_fits_a_phone(stack: RunningStack, browser: Browser) -> None:
    with browser.open("about:blank") as page:
        page.look(width=390, height=844)
        page.go(f"{stack.url('http')}/docs#/Messages/sendMessage")
        page.until_text("conversation_id", "#operations-Messages-sendMessage")
        width, room = page.run("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room
