"""Somebody on the chat page: what they do and what they see."""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import httpx

from tests.contract.chat_page.hub import Hub, rfc3339
from tests.local.console.browser import Page, until

PASSWORD = "correct horse"
WITHIN_S = 60
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@dataclass
class Person:
    """A user of the API, and, where `page` is given, of the page."""

    url: str
    name: str
    hub: Hub
    page: Page | None = None
    _token: str = field(default="", repr=False)

    def register(self) -> "Person":
        person = {"username": self.name, "email": f"{self.name}@example.com", "password": PASSWORD}
        httpx.post(f"{self.url}/v1/users", json=person, timeout=60).raise_for_status()
        return self

    @property
    def tab(self) -> Page:
        assert self.page is not None
        return self.page

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """What the API answers this user."""
        if not self._token:
            asked = {"username": self.name, "password": PASSWORD}
            self._token = httpx.post(f"{self.url}/auth/token", json=asked, timeout=60).json()["access_token"]
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    @property
    def id(self) -> str:
        return str(self.api("GET", "/v1/users/me")["id"])

    def converse(self, *others: "Person", title: str = "") -> str:
        """A conversation with them; its id."""
        wanted: dict[str, Any] = {
            "type": "group" if len(others) > 1 else "private",
            "member_ids": [o.id for o in others],
        }
        return str(self.api("POST", "/v1/conversations", wanted | ({"title": title} if title else {}))["id"])

    def says(self, conversation_id: str, content: Any, **fields: Any) -> str:
        """Send a message over the API; its id."""
        body = {"conversation_id": conversation_id, "type": "text", "content": content} | fields
        return str(self.api("POST", "/v1/messages", body)["message_id"])

    def hears(self, conversation_id: str, seq: int, sender_id: str, text: str) -> None:
        """Have a message arrive on this person's connections."""
        document = {"message_id": f"0190a000-0000-7000-8000-{seq:012}", "conversation_id": conversation_id, "seq": seq}
        document |= {"sender_id": sender_id, "channel": "in_app", "type": "text", "content": text, "reactions": {}}
        document |= {"created_at": rfc3339(), "status": "sent"}
        event = {"type": "message.created", "conversation_id": conversation_id, "seq": seq, "data": document}
        self.hub.tell(self.id, event)

    def arrive(self, path: str = "/chat") -> None:
        """On the page, signed in, and connected."""
        self.tab.go(self.url + path)
        self.until("document.querySelector('#welcome')?.hidden === false")
        self.sign_in()

    def sign_in(self) -> None:
        self.tab.write("#sign-in [name=username]", self.name)
        self.tab.write("#sign-in [name=password]", PASSWORD)
        self.tab.press("Enter")
        self.until_live()

    def until_live(self) -> None:
        self.until("document.querySelector('#welcome')?.hidden && !document.querySelector('.skeleton')")
        until(lambda: self.hub.is_here(self.id), WITHIN_S, lambda: self.tab.text("body"))

    def until(self, script: str) -> Any:
        return until(
            lambda: self.tab.run(script), WITHIN_S, lambda: f"{script}: {self.tab.text('body')} {self.tab.problems}"
        )

    def sees(self, wanted: str, selector: str = "#app") -> None:
        """Wait until it can be read there."""
        self.until(f"document.querySelector({json.dumps(selector)})?.innerText.includes({json.dumps(wanted)})")

    def unsees(self, unwanted: str, selector: str = "#app") -> None:
        self.until(f"!document.querySelector({json.dumps(selector)})?.innerText.includes({json.dumps(unwanted)})")

    def key(self, key: str, *, code: str = "", alt: bool = False, ctrl: bool = False) -> None:
        """A key where the focus is."""
        options = {"key": key, "code": code, "altKey": alt, "ctrlKey": ctrl, "bubbles": True, "cancelable": True}
        self.tab.run(f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {json.dumps(options)}))")

    def focused(self) -> str:
        """What has the focus, by its id or its text."""
        return str(self.tab.run("document.activeElement.id || document.activeElement.innerText"))

    def forgive(self, *refusals: str) -> None:
        """What the browser itself logs of refusals that were wanted is no mistake of the page."""
        self.tab.problems[:] = [one for one in self.tab.problems if not any(refusal in one for refusal in refusals)]

    def faults(self) -> list[str]:
        """What axe-core finds wrong with what is shown: rule, and where."""
        if not self.tab.run("'axe' in window"):
            self.tab.run(_axe())
        ending = "document.getAnimations().filter((one) => one.effect.getTiming().iterations === 1)"
        still = f"{ending}.map((one) => one.finished.catch(() => {{}}))"
        run = f"axe.run(document, {{runOnly: {json.dumps(STANDARDS)}}}).then((found) => found.violations)"
        script = f"Promise.all({still}).then(() => {run})"
        return [f"{one['id']}: {node['html'][:160]}" for one in self.tab.run(script, WITHIN_S) for node in one["nodes"]]


@cache
def _axe() -> str:
    return f"{files('axe_core_python').joinpath('axe.min.js').read_text()}; void 0"
