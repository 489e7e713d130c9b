"""A little traffic for the tests of faults: one person who sends and sends."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from tests.chaos.world import World

_PASSWORD = "correct horse battery"
_ANSWER_WITHIN_S = 8.0


@dataclass
class Traffic:
    """`begin`, then `end`. What was acknowledged is in `accepted`, newest last."""

    world: World
    accepted: list[Mapping[str, Any]] = field(default_factory=list)
    _token: str = ""
    _conversation: str = ""
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def begin(self) -> "Traffic":
        ids = []
        for _ in range(2):
            name = f"t-{uuid.uuid4().hex[:10]}"
            user = {"username": name, "email": f"{name}@example.com", "password": _PASSWORD}
            ids.append(self.post("/v1/users", user)["id"])
            self._token = self.post("/auth/token", {"username": name, "password": _PASSWORD})["token"]
        private = {"type": "private", "member_ids": ids[:1]}
        self._conversation = self.post("/v1/conversations", private)["id"]
        self._thread = Thread(target=self._send_and_send, daemon=True)
        self._thread.start()
        return self

    def end(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(30)

    def flows_again(self, within_s: float = 60.0) -> Mapping[str, Any]:
        """The next message that is acknowledged."""
        known, deadline = len(self.accepted), time.monotonic() + within_s
        while len(self.accepted) == known:
            assert time.monotonic() < deadline, f"nothing was accepted for {within_s} s"
            time.sleep(0.02)
        return self.accepted[-1]

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises OSError where there is no answer, or none of success."""
        request = urllib.request.Request(self.world.urls["http"] + path, json.dumps(body).encode())
        request.add_header("content-type", "application/json")
        if self._token:
            request.add_header("authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_WITHIN_S) as response:
                return dict(json.loads(response.read()))
        except urllib.error.HTTPError as error:
            error.close()
            raise

    def _send_and_send(self) -> None:
        while not self._over.wait(0.15):
            body = {"conversation_id": self._conversation, "type": "text", "content": "hello"}
            with suppress(OSError, ValueError):
                self.accepted.append(self.post("/v1/messages", body))
