"""Answers of custom resources, which their functions PUT to the ResponseURL they were given."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.provisioning.errors import ProvisioningError


@dataclass(frozen=True, slots=True)
class CustomResourceResponse:
    """Response object of a custom resource; `status` is SUCCESS or FAILED."""

    status: str
    physical_resource_id: str
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class CustomResourceResponses:
    """Joins a PUT to `{aws_url}/_aws/cloudformation/responses/{token}` with whoever waits for it. For one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[bytes]] = {}

    def expect(self) -> str:
        """Return a new token, secret as a presigned URL is; call `discard` when done with it."""
        token = secrets.token_urlsafe(32)
        self._waiting[token] = asyncio.get_running_loop().create_future()
        return token

    def deliver(self, token: str, body: bytes) -> bool:
        """Hand in the body of a PUT. False: nobody waits for that token (answer 403). A second answer changes nothing."""
        future = self._waiting.get(token)
        if future is None:
            return False
        if not future.done():
            future.set_result(body)
        return True

    async def wait(self, token: str, timeout_s: float) -> CustomResourceResponse:
        """Wait for the answer.

        Raises:
            TimeoutError: none came in time.
            ProvisioningError: it is not a response object.
        """
        async with asyncio.timeout(timeout_s):
            body = await asyncio.shield(self._waiting[token])
        return parse_response(body)

    def discard(self, token: str) -> None:
        """Forget a token; a later PUT to it is refused."""
        future = self._waiting.pop(token, None)
        if future is not None and not future.done():
            future.cancel()


def parse_response(body: bytes) -> CustomResourceResponse:
    """Return the response in a body.

    Fields: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProvisioningError(f"its answer is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("Status") not in ("SUCCESS", "FAILED"):
        raise ProvisioningError("its answer has no Status of SUCCESS or FAILED")
    physical_id = document.get("PhysicalResourceId")
    if not isinstance(physical_id, str) or not physical_id:
        raise ProvisioningError("its answer has no PhysicalResourceId")
    reason = document.get("Reason") or ""
    if document["Status"] == "FAILED" and not reason:
        reason = "no Reason was given"
    data = document.get("Data")
    return CustomResourceResponse(document["Status"], physical_id, str(reason), data if isinstance(data, dict) else {})
