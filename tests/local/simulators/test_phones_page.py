"""The page of simulated phones in a real browser. A page that logs an error, such as a breach of its CSP, fails its test."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from local.simulators import start_simulators
from tests.local.console.browser import Browser, Page, until
from tests.local.simulators.conftest import TOKEN
from tests.serving import in_thread

CHANNELS = ("telegram", "whatsapp", "messenger", "instagram")
HOSTILE = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Simulators on a thread of their own: the browser's driver waits without asyncio."""
    with in_thread(_simulators(folder)) as url:
        yield url


@asynccontextmanager
async def _simulators(folder: Path) -> AsyncIterator[str]:
    simulators = await start_simulators("127.0.0.1", 0, folder, rate_limits=False)
    try:
        yield simulators.url
    finally:
        await simulators.stop()


@dataclass
class World:
    """The business's side of all four channels: one account and one person on each."""

    http: httpx.Client
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = self.http.request(method, path, **({"json": body} if body is not None else {}), **more)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def begin(self) -> None:
        self.ok("GET", f"/telegram/bot{TOKEN}/getMe")
        self.people["telegram"] = self.ok("POST", "/phones/api/phones", {"first_name": "Ann"})
        self.accounts["telegram"] = {"id": 4242}
        for channel in CHANNELS[1:]:
            named = {"channel": channel, "name": "Shop"}
            self.accounts[channel] = self.ok("POST", "/phones/api/graph/accounts", named)
            self.people[channel] = self.ok("POST", "/phones/api/graph/people", named | {"name": "Ann"})

    def chat(self, channel: str) -> str:
        people = "/phones/api/phones" if channel == "telegram" else "/phones/api/graph/people"
        return f"{people}/{self.people[channel]['id']}/chats/{self.accounts[channel]['id']}"

    def messages(self, channel: str) -> list[dict[str, Any]]:
        return list(self.ok("GET", f"{self.chat(channel)}/messages")["items"])

    def bot(self, method: str, **parameters: Any) -> Any:
        body = {"chat_id": self.people["telegram"]["id"], **parameters}
        return self.ok("POST", f"/telegram/bot{TOKEN}/{method}", body)["result"]

    def account_says(self, channel: str, text: str) -> None:
        """Over the provider's own API."""
        account, person = self.accounts[channel], self.people[channel]
        if channel == "telegram":
            self.bot("sendMessage", text=text)
            return
        body: dict[str, Any] = {
            "recipient": {"id": person["id"]},
            "messaging_type": "RESPONSE",
            "message": {"text": text},
        }
        if channel == "whatsapp":
            to = person["phone_number"].lstrip("+")
            body = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": text}}
        headers = {"Authorization": f"Bearer {account['access_token']}"}
        self.ok("POST", f"/graph/v26.0/{account['id']}/messages", body, headers=headers)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path / "simulators") as url, httpx.Client(base_url=url, timeout=30) as http:
        world = World(http)
        world.begin()
        yield world


@pytest.fixture
def page(browser: Browser, world: World) -> Iterator[Page]:
    with browser.open(f"{world.http.base_url}/phones") as page:
        page.look(width=1440)
        yield page
        assert page.problems == []


def column(channel: str, inner: str = "") -> str:
    return f"#column-{channel} {inner}".strip()


def open_chat(page: Page, channel: str) -> None:
    page.until_text("Bot 4242" if channel == "telegram" else "Shop", column(channel, ".chats"))
    page.run(f"document.querySelector({json.dumps(column(channel, '.item'))}).click()")
    until(lambda: page.run(f"!document.querySelector({json.dumps(column(channel, '.chat-screen'))}).hidden"), 30)


def write(page: Page, channel: str, text: str) -> None:
    page.write(column(channel, "textarea"), text)
    page.press("Enter")


def act(page: Page, channel: str, message: str, word: str) -> None:
    """Unfold what can be done with the last message that says so, and do one of it."""
    page.until_text(message, column(channel, ".messages"))
    page.run(
        f"[...document.querySelectorAll({json.dumps(column(channel, '.message'))})].findLast((one) =>"
        f" one.querySelector('.bubble').innerText.includes({json.dumps(message)})).querySelector('.more').click()"
    )
    page.click(word, column(channel, ".acts button"))


def attach(page: Page, channel: str, name: str, mime: str, data: bytes) -> None:
    """As if somebody had chosen a file."""
    page.run(
        f"""(() => {{
            const bytes = Uint8Array.from(atob({json.dumps(base64.b64encode(data).decode())}), (one) => one.charCodeAt(0));
            const chosen = new DataTransfer();
            chosen.items.add(new File([bytes], {json.dumps(name)}, {{type: {json.dumps(mime)}}}));
            const input = document.querySelector({json.dumps(column(channel, "input[type=file]"))});
            input.files = chosen.files;
            input.dispatchEvent(new Event("change"));
        }})()"""
    )


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


def start_telegram(page: Page) -> None:
    open_chat(page, "telegram")
    page.click("START")
    page.until_text("/start", column("telegram", ".messages"))


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_chat_on_each_channel(page: Page, world: World, channel: str) -> None:
    start_telegram(page) if channel == "telegram" else open_chat(page, channel)
    write(page, channel, f"Hello 👋🏽 {HOSTILE}")
    page.until_text("Hello 👋🏽 <img", column(channel, ".messages"))
    world.account_says(channel, "At your service")
    page.until_text("At your service", column(channel, ".messages"))
    act(page, channel, "At your service", "React 🙏")
    until(lambda: page.text(column(channel, ".reaction")) == "🙏", 30)
    act(page, channel, "At your service", "↩ Reply")
    write(page, channel, "An answer")
    page.until_text("At your service", column(channel, ".message.me .quoted"))
    reply = world.messages(channel)[-1]
    assert reply.get("reply_to_message_id") or reply.get("reply_to")
    act(page, channel, "An answer", "🗑 Unsend")
    page.until_text("Deleted", column(channel, ".messages"))
    assert page.run("document.querySelectorAll('.messages script, .messages img').length") == 0
    assert "owned" not in page.run("document.title")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "messenger"])
def test_an_edit(page: Page, world: World, channel: str) -> None:
    start_telegram(page) if channel == "telegram" else open_chat(page, channel)
    write(page, channel, "Helo")
    act(page, channel, "Helo", "✎ Edit")
    write(page, channel, "Hello")
    page.until_text("edited", column(channel, ".messages"))
    assert world.messages(channel)[-1]["text"] == "Hello"


@pytest.mark.parametrize("channel", CHANNELS)
def test_media_are_shown(page: Page, world: World, channel: str) -> None:
    start_telegram(page) if channel == "telegram" else open_chat(page, channel)
    attach(page, channel, "teal.jpg", "image/jpeg", picture())
    page.until_text("teal.jpg", column(channel, ".pending"))
    page.click({"telegram": "Telegram", "whatsapp": "WhatsApp"}.get(channel, channel.capitalize()) + ": send")
    image = json.dumps(column(channel, ".messages img"))
    until(lambda: page.run(f"document.querySelector({image})?.naturalWidth") == 60, 30)
    attach(page, channel, "plan.pdf", "application/pdf", b"%PDF-1.7 " + b"x" * 3000)
    page.until_text("plan.pdf", column(channel, ".pending"))
    page.run(f"document.querySelector({json.dumps(column(channel, '.composer'))}).requestSubmit()")
    page.until_text("plan.pdf", column(channel, ".messages"))
    until(lambda: len(world.messages(channel)) >= 2, 30)


def test_places_contacts_buttons_and_typing(page: Page, world: World) -> None:
    start_telegram(page)
    page.click("Telegram: send my location")
    page.until_text("52.51627", column("telegram", ".messages"))
    page.click("Telegram: send my contact")
    page.until_text("+999555", column("telegram", ".messages"))
    markup = {"inline_keyboard": [[{"text": "Blue", "callback_data": "b"}]]}
    world.bot("sendMessage", text="Which one?", reply_markup=markup)
    page.until_text("Which one?", column("telegram", ".messages"))
    page.click("Blue")
    update = until(lambda: [one for one in updates(world) if "callback_query" in one], 30)[0]
    world.bot("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Noted")
    page.until_text("Noted", column("telegram", ".notice"))
    world.bot("sendChatAction", action="typing")
    page.until_text("typing…", column("telegram", ".state"))


def updates(world: World) -> list[dict[str, Any]]:
    return list(world.ok("GET", f"/telegram/bot{TOKEN}/getUpdates")["result"])


def test_people_accounts_and_a_group(page: Page, world: World) -> None:
    for channel, name, word in (("telegram", "Telegram", "bot"), ("whatsapp", "WhatsApp", "number")):
        page.until_text("Bot 4242" if channel == "telegram" else "Shop", column(channel))
        page.click(f"{name}: people and {word}s")
        page.write(column(channel, f"input[aria-label='{name}: name of a new {word}']"), "Second")
        page.press("Enter")
        page.until_text("For the application’s account of Second", column(channel, ".token"))
        page.write(column(channel, f"input[aria-label='{name}: name of a new person']"), "Bob")
        page.press("Enter")
        page.until_text("Bob", column(channel, ".picker"))
    page.click("Telegram: people and bots")
    page.write(column("telegram", "input[aria-label='Telegram: title of a new group of all people']"), "Cyclists")
    page.press("Enter")
    page.until_text("Cyclists", column("telegram", ".chats"))
    page.run(
        "[...document.querySelectorAll('#column-telegram .item')].find((one) => one.innerText.includes('Cyclists')).click()"
    )
    page.until_text("Group created", column("telegram", ".messages"))
    write(page, "telegram", "Hi all")
    page.until_text("Hi all", column("telegram", ".messages"))


def test_faults_are_switched(page: Page, world: World) -> None:
    page.until_text("Shop", column("instagram"))
    page.click("Faults")
    for group, path in (("0", "/phones/api/settings"), ("1", "/phones/api/graph/settings")):
        page.until_text("Webhooks that come twice", "dialog")
        field = f"[...document.querySelectorAll('fieldset')][{group}].querySelector('[name=duplicates]')"
        page.run(f"{{ const field = {field}; field.value = '0.25'; field.dispatchEvent(new Event('change')); }}")
        until(lambda path=path: world.ok("GET", path)["duplicates"] == 0.25, 30)
    page.press("Escape")
    until(lambda: page.run("!document.querySelector('dialog').open"), 30)


def test_light_dark_and_a_telephones_width(page: Page, world: World) -> None:
    colours: set[str] = set()
    look: Callable[..., Any] = page.look
    for dark, width in ((False, 1440), (True, 1440), (False, 390)):
        look(dark=dark, width=width)
        page.until_text("Telegram", "#phones")
        until(lambda: page.run("document.documentElement.scrollWidth <= innerWidth"), 30)
        colours.add(page.run("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2
    seen = "[...document.querySelectorAll('.column')].filter((one) => one.checkVisibility()).map((one) => one.dataset.channel)"
    assert page.run(seen) == ["telegram"]
    page.click("Instagram", ".tab")
    assert page.run(seen) == ["instagram"]


def test_by_keyboard_alone(page: Page, world: World) -> None:
    open_chat(page, "whatsapp")
    until(lambda: page.run("document.activeElement.tagName") == "TEXTAREA", 30)
    write(page, "whatsapp", "typed")
    page.until_text("typed", column("whatsapp", ".messages"))

    def is_open() -> bool:
        return bool(page.run("document.activeElement.innerText").startswith("↩"))

    def opened() -> bool:
        # Again, where the page was drawn anew between the two.
        page.run("document.querySelector('#column-whatsapp .more').focus()")
        page.press("Enter")
        with suppress(AssertionError):
            until(is_open, 3)
        return is_open()

    until(opened, 30)
    page.press("Escape")
    until(lambda: page.run("document.activeElement.className") == "more", 30)
    page.press("Escape")
    until(lambda: page.run("document.querySelector('#column-whatsapp .chat-screen').hidden"), 30)
