"""Schemathesis over a running stack: what it is told, and with whose things it asks."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.e2e.people import Person, ok

_CHECKS: dict[str, dict[str, Any]] = {
    # 503 with Retry-After is an answer of the contract: a provider that cannot be reached, a machine that is too busy.
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 503]},
    # Rules that no schema can say (who is there, what excludes what) are 400, and what is too large all together 413.
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "3xx", 400, 401, 403, 404, 409, 413, 429, 503],
    },
    "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 409, 413, 429, 431, 503]},
}
_NOT_HELD = "unsupported_method"
"""API Gateway answers 404 to a method that no route has (HTTP API, "Routes")."""
_NAMED_IN_BODIES = ("completeUpload", "sendMessage")
"""Name a file in their bodies: where a step before has deleted it, schemathesis sees that of paths only."""
_LEFT_OUT = ("deleteMe",)
"""Would end the session that asks."""


async def things(person: Person, other: Person) -> dict[str, dict[str, str]]:
    """Path parameters of operations that are to find something: things of `person`. What deletes gets ids by chance."""
    third = ok(await person.http.post("/v1/users", json=_new_user(other)), 201)["id"]
    conversation = await person.conversation(other, third, kind="group")
    message = (await person.send(conversation))["message_id"]
    upload = {"filename": "a.bin", "size": 20_000_000}
    file = ok(await person.http.post("/v1/files/initiate", json=upload), 201)["file_id"]
    rule = ok(await person.http.post("/v1/routing-rules", json={"action": {"drop": True}}), 201)["id"]
    endpoint = {"url": "https://example.com/hooks", "events": ["*"]}
    webhook = ok(await person.http.post("/v1/webhooks", json=endpoint), 201)["id"]
    by_id = {
        conversation: (
            *("getConversation", "updateConversation", "listMembers", "addMember", "updateMember", "listMessages"),
            *("recordReceipt", "sendTyping", "listConversationAuditLog"),
        ),
        message: ("getMessage", "getMessageStatus", "editMessage", "addReaction", "removeReaction", "unsendMessage"),
        file: ("getFile", "signUploadParts", "getFileDownload"),
        rule: ("getRoutingRule", "updateRoutingRule"),
        webhook: ("getWebhook", "updateWebhook", "rotateWebhookSecret", "listWebhookDeliveries"),
        other.id: ("getUser", "getPresence"),
    }
    found = {operation: {"path.id": thing} for thing, operations in by_id.items() for operation in operations}
    found["updateMember"]["path.user_id"] = other.id
    found["addReaction"]["path.emoji"] = found["removeReaction"]["path.emoji"] = "👍"
    return found


def configuration(parameters: dict[str, dict[str, str]]) -> str:
    """schemathesis.toml."""
    lines = []
    for name, check in _CHECKS.items():
        lines += [f"[checks.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in check.items())]
    for operation, values in parameters.items():
        shown = ", ".join(
            f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
        )
        lines += ["[[operations]]", f'include-operation-id = "{operation}"', f"parameters = {{ {shown} }}"]
    for operation in _NAMED_IN_BODIES:
        lines += ["[[operations]]", f'include-operation-id = "{operation}"']
        lines.append("checks = { ensure_resource_availability = { enabled = false } }")
    return "\n".join(lines) + "\n"


def run(url: str, token: str, folder: Path, config: str, phases: str, seconds: int) -> subprocess.CompletedProcess[str]:
    """`schemathesis run` with its checks, for at most `seconds`."""
    (folder / "schemathesis.toml").write_text(config)
    command: list[Any] = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", folder / "schemathesis.toml"),
        *("run", f"{url}/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--phases", phases, "--exclude-checks", _NOT_HELD),
        *("--max-time", seconds, "--max-examples", 3, "--seed", 1, "--continue-on-failure", "--no-color"),
        *("--request-timeout", 60, "--warnings", "off"),
        *(part for operation in _LEFT_OUT for part in ("--exclude-operation-id", operation)),
    ]
    return subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, timeout=seconds + 120)


def _new_user(other: Person) -> dict[str, str]:
    name = f"{other.username[:28]}-3"
    return {"username": name, "email": f"{name}@example.com", "password": "correct horse battery"}
