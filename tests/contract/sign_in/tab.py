"""A browser with a page of ours: it keeps a cookie and a verifier, and follows redirects one by one."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from tests.contract.handlers import Answer, request

HOME = "http://127.0.0.1:8000"
PAGE = f"{HOME}/chat"


def challenge(verifier: str) -> str:
    """RFC 7636, section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Tab:
    """One attempt after the other to sign in by `provider`."""

    provider: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookies: dict[str, str] = field(default_factory=dict)
    source_ip: str = "192.0.2.1"

    def begin(self, return_to: str = PAGE) -> str:
        """Where the login sends it."""
        answer = self.login(return_to=return_to, code_challenge=challenge(self.verifier), code_challenge_method="S256")
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def login(self, **query: str) -> Answer:
        """GET /auth/{provider}/login."""
        path = f"/auth/{self.provider}/login"
        return self._kept(request("sign_in", "GET", path, query=query, source_ip=self.source_ip))

    def come_back(self, location: str) -> str:
        """Where the callback sends it, to which the provider has sent it."""
        parts = urlsplit(location)
        assert location.startswith(f"{HOME}/auth/{self.provider}/callback?"), location
        answer = self.callback(**dict(parse_qsl(parts.query)))
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def callback(self, **query: str) -> Answer:
        """GET /auth/{provider}/callback."""
        cookies = tuple(f"{name}={value}" for name, value in self.cookies.items())
        path = f"/auth/{self.provider}/callback"
        return self._kept(request("sign_in", "GET", path, query=query, cookies=cookies, source_ip=self.source_ip))

    def exchange(self, code: str, verifier: str | None = None) -> Answer:
        """POST /auth/{provider}/exchange."""
        body = {"code": code, "code_verifier": verifier or self.verifier}
        path = f"/auth/{self.provider}/exchange"
        return request("sign_in_exchange", "POST", path, json_body=body, source_ip=self.source_ip)

    def code_for(self, person_id: int) -> str:
        """A one-time code, after the person was chosen at the provider."""
        page = self.come_back(choose(self.begin(), person_id))
        return fragment(page)["sign-in"]

    def sign_in(self, person_id: int) -> Answer:
        """The whole way."""
        return self.exchange(self.code_for(person_id))

    def _kept(self, answer: Answer) -> Answer:
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            self.cookies.pop(name, None)
            if "Max-Age=0" not in cookie:
                self.cookies[name] = value
        return answer


def choose(location: str, person_id: int) -> str:
    """Where the simulated provider sends a browser when somebody was chosen there."""
    answer = httpx.post(location, data={"person": str(person_id)})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def query_of(location: str) -> dict[str, str]:
    """Parameters of an address, each given once."""
    found = parse_qs(urlsplit(location).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


def fragment(location: str) -> dict[str, Any]:
    """What stands behind the # of an address."""
    return dict(parse_qsl(urlsplit(location).fragment))
