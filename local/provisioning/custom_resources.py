"""Custom resources: a request to the function that makes each, and the wait for its answer.

Requests: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requests.html
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from local.application import Application, CustomResource
from local.endpoints import Endpoints
from local.invocation import FunctionNotFound, InvokeResult, TooManyRequests
from local.provisioning.errors import ProvisioningError
from local.provisioning.made import MadeResource, load_made, save_made
from local.provisioning.responses import CustomResourceResponse, CustomResourceResponses

Invoke = Callable[[str, bytes], Awaitable[InvokeResult]]
"""Invokes a function by name with a payload and waits for its result."""

_TIMEOUT_S = 120.0
"""Where the resource has no ServiceTimeout. AWS waits an hour, too long for someone at a prompt."""


class CustomResources:
    """Makes the custom resources of an application, one after another."""

    def __init__(
        self, application: Application, endpoints: Endpoints, invoke: Invoke, responses: CustomResourceResponses
    ) -> None:
        self._application = application
        self._endpoints = endpoints
        self._invoke = invoke
        self._responses = responses

    async def ensure(self, state: Path) -> list[str]:
        """Send Create for what is new, Update for what has other properties, Delete for what is gone; return notes.

        What was done is kept in the file `state` after each step.

        Raises:
            ProvisioningError: a function failed, answered FAILED, or did not answer in time.
        """
        made = load_made(state)
        notes = []
        for resource in self._application.custom_resources:
            before = made.get(resource.logical_id)
            if before and (before.type, dict(before.properties)) == (resource.type, dict(resource.properties)):
                continue
            after = await self._make(resource, before)
            made[resource.logical_id] = after
            save_made(state, made)
            notes.append(f"{'updated' if before else 'made'} {resource.logical_id} ({resource.type})")
            if before and before.physical_resource_id != after.physical_resource_id:
                notes += await self._delete(resource.logical_id, before)
        wanted = {resource.logical_id for resource in self._application.custom_resources}
        for logical_id in [each for each in made if each not in wanted]:
            notes += await self._delete(logical_id, made[logical_id])
            del made[logical_id]
            save_made(state, made)
        return notes

    async def _make(self, resource: CustomResource, before: MadeResource | None) -> MadeResource:
        request: dict[str, Any] = {"RequestType": "Create", "ResourceProperties": resource.properties}
        if before:
            request["RequestType"] = "Update"
            request["PhysicalResourceId"] = before.physical_resource_id
            request["OldResourceProperties"] = before.properties
        response = await self._send(resource.logical_id, resource.type, resource.function, request)
        return MadeResource(response.physical_resource_id, resource.type, resource.function, resource.properties)

    async def _delete(self, logical_id: str, made: MadeResource) -> list[str]:
        if made.function not in self._application.functions:
            return [f"{logical_id} ({made.type}) was not deleted: its function {made.function} is gone"]
        request = {
            "RequestType": "Delete",
            "PhysicalResourceId": made.physical_resource_id,
            "ResourceProperties": made.properties,
        }
        await self._send(logical_id, made.type, made.function, request)
        return [f"deleted {logical_id} ({made.type}) {made.physical_resource_id}"]

    async def _send(
        self, logical_id: str, resource_type: str, function: str, request: Mapping[str, Any]
    ) -> CustomResourceResponse:
        token = self._responses.expect()
        complete = {
            **request,
            "ResponseURL": f"{self._endpoints.aws_url}/_aws/cloudformation/responses/{token}",
            "StackId": self._application.stack_id,
            "RequestId": str(uuid.uuid4()),
            "LogicalResourceId": logical_id,
            "ResourceType": resource_type,
        }
        timeout_s = float(request["ResourceProperties"].get("ServiceTimeout", _TIMEOUT_S))
        try:
            response = await self._answer(token, function, json.dumps(complete).encode(), timeout_s)
            if response.status == "FAILED":
                raise ProvisioningError(f"answered FAILED: {response.reason}")
        except ProvisioningError as error:
            subject = f"{request['RequestType']} of {logical_id} ({resource_type})"
            pointer = f"see the log of function {function}, shown at {self._endpoints.console_url}"
            raise ProvisioningError(f"{subject} failed: {error}; {pointer}") from error
        finally:
            self._responses.discard(token)
        return response

    async def _answer(self, token: str, function: str, payload: bytes, timeout_s: float) -> CustomResourceResponse:
        """Return the answer, which may come while the function still runs, or after (another process may send it)."""
        waiting = asyncio.ensure_future(self._responses.wait(token, timeout_s))
        invoking = asyncio.ensure_future(self._invoke(function, payload))
        try:
            await asyncio.wait({waiting, invoking}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                result = await invoking
                if result.function_error is not None and not waiting.done():
                    raise ProvisioningError(f"the function failed: {result.payload.decode(errors='replace')[:2000]}")
            response = await waiting
            await invoking  # what it does after its answer no longer matters, and its own timeout ends it
        except TimeoutError:
            raise ProvisioningError(f"there was no answer at the ResponseURL within {timeout_s:.0f} s") from None
        except (FunctionNotFound, TooManyRequests) as error:
            raise ProvisioningError(f"the function cannot be invoked: {error!r}") from error
        finally:
            for task in (waiting, invoking):
                task.cancel()
            await asyncio.gather(waiting, invoking, return_exceptions=True)
        return response
