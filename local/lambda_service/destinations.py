"""Where the records of asynchronous invocations go: another function, or a bucket.

Lambda developer guide, "Capturing records of Lambda asynchronous invocations": the record, and the name of its object,
`aws/lambda/async/<function>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>`.
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp

from local.application import Function
from local.endpoints import Endpoints

_LOG = logging.getLogger(__name__)
_FUNCTION_ARN = ":function:"
_BUCKET_ARN = "arn:aws:s3:::"
_TRIES = 3
_PAUSE_S = 0.5

InvokeEvent = Callable[[str, bytes], object]
"""Queues an asynchronous invocation of a function by its name."""


def record(
    function: Function, payload: bytes, request_id: str, tries: int, condition: str, response: bytes | None
) -> dict[str, Any]:
    """The record of an invocation. `condition` is Success, RetriesExhausted, EventAgeExceeded or ZeroReservedConcurrency.

    Without a response (the event never ran) it has neither responseContext nor responsePayload (unverified).
    """
    made: dict[str, Any] = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{function.arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(payload),
    }
    if response is not None:
        error = {} if condition == "Success" else {"functionError": "Unhandled"}
        made["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST", **error}
        made["responsePayload"] = _json_or_text(response)
    return made


def _json_or_text(response: bytes) -> Any:
    """A function may answer bytes that are no JSON."""
    try:
        return json.loads(response)
    except (ValueError, RecursionError):
        return response.decode(errors="replace")


def object_key(function: str, now: datetime) -> str:
    return f"aws/lambda/async/{function}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"


class Destinations:
    """Delivers records."""

    def __init__(self, endpoints: Endpoints, invoke_event: InvokeEvent) -> None:
        self._endpoints = endpoints
        self._invoke_event = invoke_event

    async def deliver(self, function: Function, target: str, made: dict[str, Any]) -> None:
        """Returns when it is there. What cannot be delivered is written to the log of the stack, with the reason."""
        body = json.dumps(made, ensure_ascii=False).encode()
        for number in range(1, _TRIES + 1):
            try:
                await self._deliver(function.name, target, body)
            except (OSError, TimeoutError, aiohttp.ClientError, LookupError) as error:
                if number == _TRIES:
                    _LOG.error("%s: no delivery to %s (%s): %s", function.name, target, error, body.decode())
                    return
                await asyncio.sleep(number * _PAUSE_S)
            else:
                return

    async def _deliver(self, function: str, target: str, body: bytes) -> None:
        if _FUNCTION_ARN in target:
            self._invoke_event(target.partition(_FUNCTION_ARN)[2].partition(":")[0], body)
            return
        bucket = target.removeprefix(_BUCKET_ARN)
        url = f"{self._endpoints.s3_url}/{bucket}/{object_key(function, datetime.now(UTC))}"
        await _put(url, body, self._endpoints.region)


async def _put(url: str, body: bytes, region: str) -> None:
    headers = await asyncio.to_thread(_signed, url, body, region)
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.put(url, data=body, headers=headers) as answer,
    ):
        if answer.status != 200:
            raise OSError(f"S3 answered {answer.status}: {(await answer.text())[:200]}")


def _signed(url: str, body: bytes, region: str) -> dict[str, str]:
    """Headers of a PUT."""
    from botocore.auth import S3SigV4Auth  # when a record goes to a bucket: it takes 6 MB
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest("PUT", url, {"content-type": "application/json"}, body)
    S3SigV4Auth(Credentials("test", "test"), "s3", region).add_auth(request)
    return dict(request.headers.items())
