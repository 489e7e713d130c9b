"""Asks the API at a steady pace, in a process of its own, and prints how long each answer took.

`python -m tests.benchmarks.files.probe API_URL TOKEN CONVERSATION`: begins at once, ends with its standard input; prints
JSON {"POST /v1/messages": [seconds, …], "GET /v1/users/me": […], "failed": number}.
"""

import json
import sys
import threading
import time

import httpx

_PAUSE_S = 0.25


def main() -> None:
    api_url, token, conversation = sys.argv[1:]
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    seconds: dict[str, list[float]] = {"POST /v1/messages": [], "GET /v1/users/me": []}
    failed = 0
    with httpx.Client(base_url=api_url, timeout=30, headers={"authorization": f"Bearer {token}"}) as http:
        while not over.wait(_PAUSE_S):
            body = {"conversation_id": conversation, "type": "text", "content": "meanwhile"}
            for name, said in (("POST /v1/messages", body), ("GET /v1/users/me", None)):
                method, _, path = name.partition(" ")
                began = time.monotonic()
                try:
                    is_good = http.request(method, path, json=said).is_success
                except httpx.TransportError:
                    is_good = False
                seconds[name].append(time.monotonic() - began)
                failed += not is_good
    print(json.dumps({**seconds, "failed": failed}))


if __name__ == "__main__":
    main()
