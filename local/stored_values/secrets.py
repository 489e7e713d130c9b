"""Secrets of Secrets Manager.

docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
"""

import re
import secrets
import string
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from local.stored_values import secret_versions
from local.stored_values.documents import Document, Documents
from local.stored_values.errors import Refused

_KIND = "secret"
_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")
_DAY_S = 86_400
_BYTES = 65_536
_SUFFIX = 6


class SecretStore:
    """A secret is a document {arn, name, created, changed, deleted, versions, …}."""

    def __init__(self, documents: Documents, region: str, account: str) -> None:
        self._documents = documents
        self._prefix = f"arn:aws:secretsmanager:{region}:{account}:secret:"

    def create(self, name: str, values: Mapping[str, Any], *, suffix: str = "") -> Document:
        """Make a secret without a value. `values` are {description, kms_key, tags}. Raises Refused."""
        if not _NAME.fullmatch(name):
            text = (
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
                "-/_+=.@!"
            )
            raise Refused("ValidationException", text)
        existing = self._at(name)
        if existing and existing["deleted"]:
            text = "You can't create this secret because a secret with this name is already scheduled for deletion."
            raise Refused("InvalidRequestException", text)
        if existing:
            text = f"The operation failed because the secret {name} already exists."
            raise Refused("ResourceExistsException", text)
        arn = f"{self._prefix}{name}-{suffix or _random_suffix()}"
        now = time.time()
        times = {"created": now, "changed": now, "accessed": None, "deleted": None, "rotated": None}
        return {"arn": arn, "name": name, **times, **values, "rotation": None, "versions": []}

    def find(self, secret_id: str, *, deleted: bool = False) -> Document:
        """By name, ARN, or ARN without its last part. Raises Refused, also for a secret that waits for its deletion."""
        name = secret_id.removeprefix(self._prefix)
        found = self._at(name)
        if found is None and secret_id != name and len(name) > _SUFFIX + 1:
            found = self._at(name[: -_SUFFIX - 1])
            found = found if found and found["arn"] == secret_id else None
        if found is None:
            raise Refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        if found["deleted"] and not deleted:
            text = "You can't perform this operation on the secret because it was marked for deletion."
            raise Refused("InvalidRequestException", text)
        return found

    def all(self) -> list[Document]:
        """By name, those that wait for their deletion too."""
        return [found for found in self._documents.all(_KIND) if not _is_over(found)]

    def save(self, secret: Document, **changes: Any) -> Document:
        """Keep a secret with these changes."""
        saved = {**secret, "changed": time.time(), **changes}
        self._documents.put(_KIND, secret["name"], saved)
        return saved

    def put_value(
        self, secret: Document, value: Mapping[str, str], token: str | None, stages: Iterable[str] = ()
    ) -> tuple[Document, str]:
        """Add a version; return the secret and the version's id. Raises Refused."""
        version_id = token or str(uuid.uuid4())
        versions = secret_versions.add(secret["versions"], version_id, dict(value), stages)
        return self.save(secret, versions=versions), version_id

    def rotated(self, arn: str) -> None:
        """A rotation has come to its end now."""
        with self._documents.exclusively():
            self.save(self.find(arn), rotated=time.time())

    def delete(self, secret: Document, window_days: int | None) -> float:
        """Mark for deletion in that many days, or delete at once (None); return the time."""
        if window_days is None:
            self._documents.delete(_KIND, secret["name"])
            return time.time()
        end = time.time() + window_days * _DAY_S
        self.save(secret, deleted=time.time(), gone=end)
        return end

    def _at(self, name: str) -> Document | None:
        found = self._documents.get(_KIND, name)
        if found and _is_over(found):
            self._documents.delete(_KIND, name)
            return None
        return found


def _is_over(secret: Document) -> bool:
    return bool(secret["deleted"]) and secret.get("gone", 0) < time.time()


def check_value(text: str | None, binary: str | None) -> dict[str, str]:
    """The value of a version; empty where there is none. Raises Refused."""
    if text is not None and binary is not None:
        message = "You can't specify both a binary secret value and a string secret value in the same secret."
        raise Refused("InvalidParameterException", message)
    if len((text or binary or "").encode()) > (_BYTES if text else _BYTES * 4 // 3 + 4):
        raise Refused("InvalidParameterException", f"A secret value has at most {_BYTES} bytes.")
    if text is not None:
        return {"SecretString": text}
    return {"SecretBinary": binary} if binary is not None else {}


def _random_suffix() -> str:
    """Of an ARN: so that a secret made again under the same name is another one."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(_SUFFIX))
