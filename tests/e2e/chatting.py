"""Somebody at the chat page of a running stack: what they do and what they see."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.people import PASSWORD
from tests.local.console.browser import Page, until

WITHIN_S = 90
BY_INPUT = "delete window.showOpenFilePicker"
"""Files are chosen by a field, as in Firefox and Safari: the dialog of Chromium's own API cannot be driven."""
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    window.sockets.push(this);
  }
};
"""
"""Chromium's emulation of a lost network leaves open WebSockets as they are: the test ends them itself."""
LIVE = "(one => one('#app')?.hidden === false && !one('.skeleton') && one('#banner').hidden)((by) => document.querySelector(by))"


@dataclass
class Chatter:
    page: Page
    url: str
    name: str
    """Of the user."""
    shown: str
    """What others see."""
    pictures: Path
    """Folder of the pictures that are taken."""
    visits: int = 1

    def sign_up(self) -> "Chatter":
        for script in (BY_INPUT, KEEP_SOCKETS):
            self.page.before_load(script)
        self.page.look(width=1120, height=720)
        self.page.go(f"{self.url}/chat")
        self.page.click("Create an account")
        for field, value in {"username": self.name, "email": f"{self.name}@example.com", "password": PASSWORD}.items():
            self.page.write(f"#sign-in [name={field}]", value)
        self.page.press("Enter")
        self.until(LIVE)
        token = self.page.run("JSON.parse(localStorage.getItem('chat4all.session')).access_token")
        headers, profile = {"Authorization": f"Bearer {token}"}, {"display_name": self.shown}
        httpx.patch(f"{self.url}/v1/users/me", json=profile, headers=headers, timeout=60).raise_for_status()
        return self

    def sign_in(self) -> "Chatter":
        """With an account that is there already."""
        self.page.look(width=1120, height=720)
        self.page.go(f"{self.url}/chat")
        self.page.write("#sign-in [name=username]", self.name)
        self.page.write("#sign-in [name=password]", PASSWORD)
        self.page.press("Enter")
        self.until(LIVE)
        return self

    def come_back(self, title: str) -> None:
        """Leave the page, come again, and open a conversation."""
        self.visits += 1
        self.page.go(f"{self.url}/chat?visit={self.visits}")
        self.until(f"location.search.endsWith('={self.visits}') && {LIVE}")
        self.open(title)

    def write_to(self, other: "Chatter") -> None:
        """A new conversation with somebody, by their name."""
        self.page.click("New conversation")
        self.page.write("dialog [name=who]", other.name)
        self.page.press("Enter")
        self.sees(other.shown, "dialog .chosen")
        self.page.click("Start conversation")
        self.sees(other.shown, "#conversation .talk-title")

    def open(self, title: str) -> None:
        """A conversation of the list."""
        found = f"[...document.querySelectorAll('#list a')].find((one) => one.innerText.includes({json.dumps(title)}))"
        self.until(f"({found})?.click() ?? {found} !== undefined")
        self.sees(title, "#conversation .talk-title")

    def say(self, text: str) -> None:
        self.page.write("#conversation .write", text)
        self.page.press("Enter")

    def lose_network(self) -> None:
        self.page.cut_off(is_offline=True)
        self.page.run("sockets.forEach((one) => one.close())")

    def find_network(self) -> None:
        self.page.cut_off(is_offline=False)
        self.until(LIVE)

    def empty_field(self) -> None:
        script = "field.focus(); field.value = ''; field.dispatchEvent(new InputEvent('input', {bubbles: true}))"
        self.page.run(f"{{ const field = document.querySelector('#conversation .write'); {script} }}")

    def reads(self, text: str) -> None:
        """Wait until a message of the open conversation says this."""
        self.until(f"{_bubble(text)} !== undefined")

    def said(self) -> list[str]:
        """All messages that are drawn, oldest first, without their times."""
        script = """[...document.querySelectorAll('#conversation .message')].map((one) => {
            const said = one.querySelector('.said')?.cloneNode(true);
            said?.querySelector('.meta')?.remove();
            return said?.textContent ?? "";
        })"""
        return list(self.page.run(script))

    def mark(self, text: str) -> str:
        """How far an own message has come."""
        return str(self.page.run(f"{_bubble(text)}?.querySelector('.mark')?.dataset.status ?? ''"))

    def until_marked(self, text: str, status: str) -> None:
        until(
            lambda: self.mark(text) == status,
            WITHIN_S,
            lambda: f"{text!r} is {self.mark(text)!r}, not {status!r}: {self.page.text('#conversation')}",
        )

    def press_on(self, text: str, key: str) -> None:
        """A key on a message."""
        self.reads(text)
        self.page.run(f"{_bubble(text)}.focus()")
        self.page.press(key)

    def within(self, text: str, selector: str) -> str:
        """What stands in a part of a message."""
        return str(self.page.run(f"{_bubble(text)}?.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def sees_within(self, text: str, selector: str, wanted: str) -> None:
        until(
            lambda: wanted in self.within(text, selector),
            WITHIN_S,
            lambda: f"{wanted!r} is not in {self.within(text, selector)!r}: {self.page.text('#conversation')}",
        )

    def sees(self, wanted: str, selector: str = "#app") -> None:
        self.until(f"document.querySelector({json.dumps(selector)})?.innerText.includes({json.dumps(wanted)})")

    def unsees(self, unwanted: str, selector: str = "#app") -> None:
        self.until(f"!document.querySelector({json.dumps(selector)})?.innerText.includes({json.dumps(unwanted)})")

    def until(self, script: str) -> Any:
        def explain() -> str:
            return f"{self.name}: {script}: {self.page.text('body')} {self.page.problems}"

        return until(lambda: self.page.run(script), WITHIN_S, explain)

    def picture(self, name: str, *, dark: bool = False, width: int = 1120, height: int = 720) -> None:
        """Keep what the window shows."""
        self.page.look(dark=dark, width=width, height=height)
        self.until("document.getAnimations().every((one) => one.playState !== 'running')")
        self.page.screenshot(self.pictures / f"{name}.png")
        self.page.look(width=1120, height=720)


def _bubble(text: str) -> str:
    """The newest message of the open conversation that has this text, as an expression of the page."""
    wanted = json.dumps(text)
    return f"""[...document.querySelectorAll('#conversation .message')].findLast((one) =>
        [...(one.querySelector('.said')?.childNodes ?? [])].filter((node) => !node.classList?.contains('meta'))
            .map((node) => node.textContent).join('').includes({wanted}))"""
