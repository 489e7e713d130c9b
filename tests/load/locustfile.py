"""The same loads for Locust.

It runs in an environment of its own (requirements/load.txt), and imports nothing of the repository. LOAD_PLAN names the plan,
LOAD_LINES the file for the lines that are verified afterwards. Exit code 2: a threshold is not met.
"""

import itertools
import json
import os
import random
import time
import uuid
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import LoadTestShape, User, events, task
from locust.contrib.fasthttp import FastHttpUser
from websocket import create_connection

PLAN = json.loads(Path(os.environ["LOAD_PLAN"]).read_text())
LINES = Path(os.environ["LOAD_LINES"]).open("a")  # noqa: SIM115 - as long as the process lives
FILE_BYTES = 1 << 20
PEOPLE = itertools.cycle(PLAN["people"])


def line(kind: str, **fields: Any) -> None:
    """What is verified afterwards."""
    LINES.write(json.dumps({"kind": kind, **fields}) + "\n")
    LINES.flush()


def pause() -> float:
    return PLAN["pause_s"] * random.uniform(0.5, 1.5)


class Stages(LoadTestShape):
    """As many users as the plan says, in straight lines from stage to stage."""

    def tick(self) -> tuple[int, float] | None:
        passed = self.get_run_time()
        (_, users), *rest = PLAN["stages"]
        for seconds, then in rest:
            if passed < seconds:
                return round(users + (then - users) * passed / seconds), max(1.0, PLAN["stages"][-1][1], users)
            passed, users = passed - seconds, then
        return None


class Sender(FastHttpUser):
    """One person of the plan."""

    abstract = True
    host = PLAN["base_url"]
    number = 0

    def on_start(self) -> None:
        self.person = next(PEOPLE)
        self.client.auth_header = None
        self.headers = {"authorization": f"Bearer {self.person['token']}"}

    def wait_time(self) -> float:
        return pause()

    def asked(self, name: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The answer; asked again while it is 503 or 429, as clients do, which is no failure."""
        for _ in range(20):
            with self.client.request(
                method, path, json=body, headers=self.headers, name=name, catch_response=True
            ) as answer:
                if answer.status_code in (429, 503):
                    answer.success()
                    gevent.sleep(float(answer.headers.get("retry-after", "1")) / 5)
                    continue
                if not 200 <= (answer.status_code or 0) < 300:
                    answer.failure(f"{answer.status_code} {answer.text[:100]}")
                    return None
                return dict(answer.json())
        return None

    def say(self, **message: Any) -> None:
        message_id = str(uuid.uuid4())
        body = {"conversation_id": self.person["conversation_id"], "message_id": message_id, **message}
        if self.asked("POST /v1/messages", "POST", "/v1/messages", body) is not None:
            line("acknowledged", user_id=self.person["user_id"], number=self.number, message_id=message_id)
        self.number += 1


class Messages(Sender):
    """Sends over HTTP, and reads the history now and then."""

    @task
    def send(self) -> None:
        self.say(type="text", content=f"message {self.number}")
        if self.number % 10 == 0:
            self.asked("GET history", "GET", f"/v1/conversations/{self.person['conversation_id']}/messages?limit=50")


class Upload(Sender):
    """Uploads a file of 1 MB in parts, sends it, and downloads it."""

    @task
    def upload(self) -> None:
        wish = {"filename": f"load {self.number}.txt", "size": FILE_BYTES, "content_type": "text/plain"}
        begun = self.asked("POST initiate", "POST", "/v1/files/initiate", wish)
        if begun is None:
            return
        for part in begun["parts"]:
            size = min(begun["part_size"], FILE_BYTES - (part["number"] - 1) * begun["part_size"])
            self.client.put(part["url"], data=b"a" * size, headers=part["headers"], name="PUT part")
        file_id = begun["file_id"]
        self.asked("POST complete", "POST", "/v1/files/complete", {"file_id": file_id})
        for _ in range(150):
            state = self.asked("GET file", "GET", f"/v1/files/{file_id}")
            if state is None or state["status"] in ("completed", "failed"):
                break
            gevent.sleep(0.2)
        self.say(type="file", content="a file", file_id=file_id)
        signed = self.asked("GET presigned", "GET", f"/v1/files/{file_id}/presigned")
        if signed is not None:
            with self.client.get(signed["url"], name="GET bytes", catch_response=True) as got:
                if len(got.content) != FILE_BYTES:
                    got.failure(f"{len(got.content)} bytes came back")


class Websocket(User):
    """Connected: sends over its WebSocket, and takes what the other says."""

    websocket_people: ClassVar[Any] = PEOPLE

    def wait_time(self) -> float:
        return float(PLAN["pause_s"])

    def on_start(self) -> None:
        self.person = next(self.websocket_people)
        self.number = 0
        self.waiting: dict[str, tuple[int, float]] = {}
        self.socket = create_connection(f"{PLAN['websocket_url']}/?token={self.person['token']}", timeout=60)
        self.reading = gevent.spawn(self.read)

    @task
    def send(self) -> None:
        asked = f"r{self.number}"
        self.waiting[asked] = (self.number, time.time())
        data = {
            "conversation_id": self.person["conversation_id"],
            "type": "text",
            "content": f"at {time.time() * 1000:.0f}",
        }
        self.socket.send(json.dumps({"action": "send", "id": asked, "data": data}))
        self.number += 1

    def read(self) -> None:
        while text := self.socket.recv():
            frame = json.loads(text)
            if frame["type"] == "message.created":
                line("pushed", user_id=self.person["user_id"], message_id=frame["data"]["message_id"])
                if frame["data"]["sender_id"] != self.person["user_id"]:
                    self.told("push", time.time() - int(frame["data"]["content"].split()[1]) / 1000)
            elif frame.get("id") in self.waiting:
                number, since = self.waiting.pop(frame["id"])
                refused = None if frame["type"] == "ack" else RuntimeError(str(frame.get("error")))
                self.told("send", time.time() - since, refused)
                if refused is None:
                    message_id = frame["data"]["message_id"]
                    line("acknowledged", user_id=self.person["user_id"], number=number, message_id=message_id)

    def told(self, name: str, seconds: float, error: Exception | None = None) -> None:
        self.environment.events.request.fire(
            request_type="WS", name=name, response_time=seconds * 1000, response_length=0, exception=error, context={}
        )

    def on_stop(self) -> None:
        deadline = time.time() + 10
        while time.time() < deadline:  # what the other has said last
            gevent.sleep(0.1)
        self.reading.kill()
        self.socket.close()


@events.quitting.add_listener
def judge(environment: Any, **_rest: Any) -> None:
    """Exit code 2 where a threshold of the plan is not met."""
    total = environment.stats.total
    for (name, _), entry in environment.stats.entries.items():
        p50, p99 = (entry.get_response_time_percentile(share) for share in (0.5, 0.99))
        line("latency", name=name, p50=round(p50, 1), p99=round(p99, 1))
    limits = {"POST /v1/messages": PLAN["api_p99_ms"], "GET history": PLAN["api_p99_ms"], "push": PLAN["push_p99_ms"]}
    missed = [
        f"p99 of {name} is {entry.get_response_time_percentile(0.99):.0f} ms, not below {limits[name]}"
        for (name, _), entry in environment.stats.entries.items()
        if name in limits and entry.get_response_time_percentile(0.99) >= limits[name]
    ]
    if total.num_requests == 0 or total.fail_ratio > PLAN["failed_share"]:
        missed.append(f"{total.num_failures} of {total.num_requests} requests failed")
    for text in missed:
        print(f"threshold: {text}")
    environment.process_exit_code = 2 if missed else 0
