"""Requests to try out by hand, one file for each subject (docs/http/*.http: VS Code's REST Client, JetBrains' HTTP Client)."""

import json
from collections.abc import Callable, Mapping

from chat4all.contract.documents.samples import ACCOUNT, BEN, CONVERSATION, FILE, MESSAGE, RULE
from chat4all.contract.documents.webhooks import WEBHOOK
from chat4all.contract.operation import FORM, JSON, MULTIPART, Operation
from chat4all.contract.table import OPERATIONS, TAGS

FOLDER = "docs/http"
_BOUNDARY = "chat4all-boundary"
_IDS = {
    "Conversations": CONVERSATION,
    "Messages": MESSAGE,
    "Files": FILE,
    "Users": BEN,
    "Presence": BEN,
    "Routing rules": RULE,
    "Accounts": ACCOUNT,
    "Webhooks": WEBHOOK,
}
_VALUES = {"user_id": BEN, "channel": "whatsapp", "emoji": "%F0%9F%91%8D"}
_QUERIES = {"findUsers": "?username=ben"}
"""What an operation cannot be asked without."""
_VARIABLES = {
    "conversation": CONVERSATION,
    "message": MESSAGE,
    "file": FILE,
    "user": BEN,
    "rule": RULE,
    "account": ACCOUNT,
    "webhook": WEBHOOK,
}
"""Ids that are filled in once, at the head of a file."""


def http_files() -> Mapping[str, Callable[[], str]]:
    """By path."""
    return {f"{FOLDER}/{_name(tag)}.http": _text_of(tag) for tag in TAGS}


def _text_of(tag: str) -> Callable[[], str]:
    def text() -> str:
        # What deletes stands last: whoever sends all of a file, one after the other, still has what the others need.
        operations = sorted((each for each in OPERATIONS if each.tag == tag), key=lambda each: each.method == "DELETE")
        body = "\n".join(_request(operation) for operation in operations)
        head = [f"# {tag}: {TAGS[tag]}. Written by scripts/write-contract.", "", "@base = http://127.0.0.1:8000"]
        if "{{token}}" in body:
            head.append("@token = paste what `chat4all token` prints, or the access_token of createToken")
        for name, sample in _VARIABLES.items():
            if sample in body:
                head.append(f"@{name} = {sample}")
                body = body.replace(sample, f"{{{{{name}}}}}")
        return "\n".join([*head, "", body])

    return text


def _name(tag: str) -> str:
    return tag.lower().replace(" ", "-")


def _request(operation: Operation) -> str:
    address = f"{{{{base}}}}{_path(operation)}{_QUERIES.get(operation.id, '')}"
    lines = [f"### {operation.id}: {operation.summary}", f"{operation.method} {address}"]
    if not operation.is_open:
        lines.append("Authorization: Bearer {{token}}")
    if operation.takes_key:
        lines.append("Idempotency-Key: {{$guid}}")
    if operation.body is not None:
        kind = f"{MULTIPART}; boundary={_BOUNDARY}" if operation.media_type == MULTIPART else operation.media_type
        lines += [f"Content-Type: {kind}", "", _body(operation)]
    return "\n".join([*lines, ""])


def _path(operation: Operation) -> str:
    own = _IDS.get(operation.tag, MESSAGE)
    if operation.path.startswith("/v1/conversations/"):
        own = CONVERSATION
    elif operation.path.startswith("/v1/accounts/"):
        own = ACCOUNT
    path = operation.path.replace("{id}", own)
    for name, value in _VALUES.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def _body(operation: Operation) -> str:
    if operation.media_type == JSON:
        return json.dumps(dict(operation.example or {}), indent=2, ensure_ascii=False)
    if operation.media_type == FORM:
        return "&".join(f"{name}={str(value).replace(' ', '+')}" for name, value in (operation.example or {}).items())
    named = 'Content-Disposition: form-data; name="file"; filename="note.txt"'
    return f"--{_BOUNDARY}\n{named}\nContent-Type: text/plain\n\nSee you at eight\n--{_BOUNDARY}--"
