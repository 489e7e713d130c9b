"""`scripts/deploy --target localstack`: the template as it stands, deployed by SAM's CLI, and used over HTTP."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.environment import without_aws

ROOT = Path(__file__).parents[2]
_ANSWER_S = 120


def _call(method: str, url: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_S) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def _call_until_let_in(url: str, token: str) -> tuple[int, Any]:
    """The target's authorizer refuses everybody whose issuer does not answer it in 5 s: on a busy machine, more than once."""
    deadline = time.monotonic() + _ANSWER_S
    while True:
        status, body = _call("GET", url, token=token)
        if status != 401 or time.monotonic() > deadline:
            return status, body
        time.sleep(1)


def _deploy(endpoint: str) -> str:
    command = ["scripts/deploy", "--target", "localstack", "--endpoint", endpoint, "--stack-name", "hub"]
    ended = subprocess.run(command, cwd=ROOT, env=without_aws(), capture_output=True, text=True, timeout=700)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


@pytest.mark.timeout(1200)
def test_the_template_deploys_unchanged_and_its_http_api_works(ministack: str) -> None:
    said = _deploy(ministack)
    address = re.search(r"^HTTP API: (\S+)", said, re.MULTILINE)
    assert address, said
    assert "What this target does not have" in said
    base = address[1]
    assert _call("GET", f"{base}/health/live") == (200, {"status": "ok"})

    tokens = {}
    for name in ("ana", "ben"):
        credentials = {"username": name, "password": f"long enough {name}"}
        status, user = _call("POST", f"{base}/v1/users", credentials | {"email": f"{name}@example.com"})
        assert status == 201, user
        tokens[user["id"]] = _call("POST", f"{base}/auth/token", credentials)[1]["access_token"]
    (ana, ben), token = tokens, next(iter(tokens.values()))
    # The authorizer of this target waits 5 s for both, which can be shorter than a cold start of their function.
    for name in ("openid-configuration", "jwks.json"):
        assert _call("GET", f"{base}/.well-known/{name}")[0] == 200
    assert _call("GET", f"{base}/v1/users/me")[0] == 401
    status, me = _call_until_let_in(f"{base}/v1/users/me", token)
    assert (status, me.get("id")) == (200, ana), me

    conversation = _call("POST", f"{base}/v1/conversations", {"type": "private", "member_ids": [ben]}, token)[1]["id"]
    message = {"conversation_id": conversation, "type": "text", "content": "hello"}
    status, sent = _call("POST", f"{base}/v1/messages", message, token)
    assert (status, sent["seq"]) == (202, 1)
    history = _call("GET", f"{base}/v1/conversations/{conversation}/messages", token=token)[1]["items"]
    assert [(item["seq"], item["content"]) for item in history] == [(1, "hello")]
