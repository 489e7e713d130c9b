"""Rotation of a secret by its function.

docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable

from local.aws_endpoint.json_protocol import Input
from local.invocation import InvokeResult
from local.stored_values import secret_versions
from local.stored_values.documents import Document
from local.stored_values.errors import Refused
from local.stored_values.secrets import SecretStore

Invoke = Callable[[str, bytes], Awaitable[InvokeResult]]

_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
_LOG = logging.getLogger(__name__)


class Rotations:
    """Rotates when asked to. Rotations by a schedule are kept and shown, but nobody starts them here."""

    def __init__(self, store: SecretStore, functions: dict[str, str], invoke: Invoke) -> None:
        """`functions`: name by ARN. Belongs to the running event loop."""
        self._store = store
        self._functions = functions
        self._invoke = invoke
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, secret: Document, given: Input) -> tuple[Document, str]:
        """Announce the new version; the function is invoked after this returns, step by step. For any thread.

        Raises Refused.
        """
        arn = given.text("RotationLambdaARN", (secret["rotation"] or {}).get("function", ""))
        if not arn:
            text = "No Lambda rotation function ARN is associated with this secret."
            raise Refused("InvalidRequestException", text)
        if arn not in self._functions:
            raise Refused("AccessDeniedException", f"Secrets Manager cannot invoke the function {arn}.")
        rotation = {"function": arn, "rules": given.member("RotationRules") or {}}
        if not given.boolean("RotateImmediately", True):
            return self._store.save(secret, rotation=rotation), ""
        # A rotation that failed is tried again, with the version that it has announced.
        token = secret_versions.pending(secret["versions"]) or given.text("ClientRequestToken", str(uuid.uuid4()))
        versions = secret_versions.announce(secret["versions"], token)
        saved = self._store.save(secret, rotation=rotation, versions=versions)
        self._loop.call_soon_threadsafe(self._start, saved["arn"], self._functions[arn], token)
        return saved, token

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, arn: str, function: str, token: str) -> None:
        task = asyncio.create_task(self._rotate(arn, function, token))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _rotate(self, arn: str, function: str, token: str) -> None:
        for step in _STEPS:
            event = {"Step": step, "SecretId": arn, "ClientRequestToken": token}
            try:
                result = await self._invoke(function, json.dumps(event).encode())
            except Exception as error:
                _LOG.warning("rotation of %s: %s cannot be invoked: %r", arn, function, error)
                return
            if result.function_error is not None:
                _LOG.warning("rotation of %s: %s failed: %s", arn, step, result.payload.decode(errors="replace"))
                return
        self._store.rotated(arn)
