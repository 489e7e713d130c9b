"""Invocations of a WebSocket API's functions."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from local.api_gateway import LAMBDA_PAYLOAD_BYTES
from local.invocation import FunctionNotFound, Invocations, Stopped, TooManyRequests

_LOG = logging.getLogger(__name__)


class IntegrationFailed(Exception):
    """The function failed, or could not be invoked. `error` is its error object, empty where it has none."""

    def __init__(self, text: str, error: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.error = error or {}


class IntegrationTimedOut(IntegrationFailed):
    """The function took longer than the integration waits; it runs on."""


async def call(invocations: Invocations, function: str, event: Mapping[str, Any], timeout_s: float) -> bytes:
    """Payload that the function returned. Raises IntegrationFailed, and logs why where Lambda itself does not."""
    payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    assert len(payload) <= LAMBDA_PAYLOAD_BYTES, "a message and a handshake are far smaller"
    await _meet_fault(invocations, event)
    try:
        result = await invocations.call(function, payload, timeout_s)
    except TimeoutError as error:
        raise IntegrationTimedOut(f"{function} did not answer within {timeout_s:g} s") from error
    except TooManyRequests as error:
        raise IntegrationFailed(f"{function} is throttled") from error
    except Stopped as error:
        raise IntegrationFailed(f"{function}: the gateway is stopping") from error
    except FunctionNotFound as error:
        _LOG.error("function %s does not exist", function)
        raise IntegrationFailed(f"{function} does not exist") from error
    except Exception as error:
        _LOG.exception("function %s could not be invoked", function)
        raise IntegrationFailed(f"{function} could not be invoked") from error
    if result.function_error is not None:
        raise IntegrationFailed(f"{function}: {result.function_error}", _error_object(result.payload))
    return result.payload


async def _meet_fault(invocations: Invocations, event: Mapping[str, Any]) -> None:
    """What `scripts/fault` wants of the route; an authorizer is no part of it."""
    if invocations.fault is None or "methodArn" in event:
        return
    route_key = event["requestContext"]["routeKey"]
    if (kind := await invocations.fault(route_key)) is not None:
        raise IntegrationFailed(f"{route_key}: {kind} on purpose")


def _error_object(payload: bytes) -> Mapping[str, Any]:
    try:
        error = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return error if isinstance(error, dict) else {}
