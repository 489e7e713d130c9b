"""The HTTP API in front of functions of this process: routes of template.yaml, bodies as they are, and whoever a token names.

Gateway and stack are tested elsewhere (tests/local, tests/e2e); this one starts in no time, and a browser finds a whole product.
"""

import base64
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.contract.handlers import invoke, new_environments
from tests.local.console.browser import Browser, Page
from tests.template_file import functions, template


def routes() -> list[tuple[re.Pattern[str], str, str]]:
    """(path, method, function) of each route, the more exact first."""
    found = []
    for name, properties in functions(template()).items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "HttpApi":
                path, method = event["Properties"]["Path"], event["Properties"]["Method"]
                pattern = re.sub(r"\\{\w+\\\+\\}", "(.+)", re.escape(path))
                found.append((path.count("{"), re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", pattern)), method, name))
    return [route[1:] for route in sorted(found, key=lambda route: route[0])]


class Gateway(ThreadingHTTPServer):
    """One invocation at a time: a process of Lambda's runs no two, and powertools keeps the request in a class."""

    daemon_threads = True
    """Browsers keep connections open on which nothing comes."""
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.routes = routes()
        self.turn = threading.Lock()
        self.is_down = False
        """Answers 503 to whatever is asked of the API."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser may leave before its answer; all else is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def function(self, method: str, path: str) -> str | None:
        """Which takes the request."""
        for pattern, wanted, name in self.routes:
            if wanted in (method, "ANY") and pattern.fullmatch(path):
                return name
        return None


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = self.server.function(self.command, path)
        if name is None or (self.server.is_down and path.startswith("/v1/")):
            return self._send(404 if name is None else 503, [], b"{}")
        with self.server.turn:
            answer = invoke(name, self._event(path, body))
        text = answer.get("body") or ""
        raw = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
        cookies = [("Set-Cookie", cookie) for cookie in answer.get("cookies", ())]
        return self._send(answer["statusCode"], [*answer.get("headers", {}).items(), *cookies], raw)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer

    def _event(self, path: str, body: bytes) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        http = {"method": self.command, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "b"}
        context = {"http": http, "requestId": "r", "stage": "$default"} | _authorizer(headers.get("authorization", ""))
        query = urlsplit(self.path).query
        event = {"version": "2.0", "routeKey": f"{self.command} {path}", "rawPath": path, "rawQueryString": query}
        event |= {"headers": headers, "requestContext": context, "isBase64Encoded": False}
        if query:
            event["queryStringParameters"] = {name: ",".join(values) for name, values in parse_qs(query).items()}
        if "cookie" in headers:
            event["cookies"] = headers.pop("cookie").split("; ")
        return event | ({"body": body.decode()} if body else {})

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


def _authorizer(authorization: str) -> dict[str, Any]:
    """Claims of the token; its signature is the real gateway's matter. What is no JWT is nobody's."""
    if not authorization.startswith("Bearer ") or authorization.count(".") != 2:
        return {}
    payload = authorization.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {"authorizer": {"jwt": {"claims": {name: str(value) for name, value in claims.items()}, "scopes": None}}}


@contextmanager
def running() -> Iterator[Gateway]:
    """One that serves."""
    gateway = Gateway()
    thread = threading.Thread(target=gateway.serve_forever)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()
        thread.join()


@contextmanager
def tab_alone(browser: Browser, path: str) -> Iterator[Page]:
    """A tab on a page before anybody has signed in, for its modules: no engine is needed. What it logs as an error, such as a
    breach of its policy, fails the tests."""
    variables = {"FILES_BUCKET": "files", "WEBSOCKET_URL": "ws://127.0.0.1:9/"}
    with pytest.MonkeyPatch.context() as environment, running() as gateway:
        for name, value in variables.items():
            environment.setenv(name, value)
        new_environments()
        with browser.open(f"{gateway.url}{path}") as page:
            page.until_text("Sign in", "body")
            yield page
            assert page.problems == []
            page.close()
    new_environments()
