"""Holds what a test gets from the product against the contract: answers of the HTTP API with their status, document and problem's
code, and frames of WebSockets."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
from pydantic import ValidationError

from chat4all.contract.documents.problems import GatewayError, OAuthProblem, Problem
from chat4all.contract.live import EVENTS, Event
from chat4all.contract.operation import FORM, JSON, Operation
from chat4all.contract.problems import codes_of, status_of
from chat4all.contract.table import OPERATIONS
from chat4all.http.problem import CONTENT_TYPE

_GATEWAY = frozenset({400, 401, 404, 413, 429, 431, 500, 503})
"""What API Gateway answers by itself."""


async def watched(response: httpx.Response) -> None:
    """As a response hook of httpx: fails where the answer is none that the contract has."""
    request = response.request
    operation = operation_at(request.method, request.url.path)
    if operation is None:
        return
    wrong = difference(operation, response.status_code, response.headers, await response.aread())
    assert wrong is None, f"{request.method} {request.url} ({operation.id}): {wrong}"


def operation_at(method: str, path: str) -> Operation | None:
    """The operation that answers there; None for pages, links and what is not there. What has no parameters goes first."""
    return next((each for pattern, each in _patterns() if each.method == method and pattern.fullmatch(path)), None)


def difference(operation: Operation, status: int, headers: httpx.Headers, body: bytes) -> str | None:
    """In what an answer is another than the contract says; None where it is not."""
    kind = headers.get("content-type", "").partition(";")[0].strip()
    try:
        if status in operation.answers and kind != CONTENT_TYPE:
            return _of_document(operation, status, kind, body)
        if kind == CONTENT_TYPE or operation.media_type == FORM:
            return _of_problem(operation, status, kind, body)
        GatewayError.model_validate_json(body)
    except ValidationError as error:
        return f"{status} {error} in {body[:500]!r}"
    return None if kind == JSON and status in _GATEWAY else f"{status} {kind} {body[:200]!r}"


def _of_document(operation: Operation, status: int, kind: str, body: bytes) -> str | None:
    document = operation.answers[status]
    if document is None:
        return f"{status} has a body: {body[:200]!r}" if body else None
    document.model_validate_json(body)
    return None if kind == JSON else f"{status} is {kind}"


def _of_problem(operation: Operation, status: int, kind: str, body: bytes) -> str | None:
    is_oauth = operation.media_type == FORM
    problem = (OAuthProblem if is_oauth else Problem).model_validate_json(body)
    if problem.code not in codes_of(operation):
        return f"{status} has the code {problem.code}, which the contract does not name"
    if (status, problem.status) != (status_of(operation, problem.code),) * 2:
        return f"{problem.code} has the status {status}, and says {problem.status}"
    return None if kind == (JSON if is_oauth else CONTENT_TYPE) else f"{status} is {kind}"


def wrong_frame(frame: Mapping[str, Any]) -> str | None:
    """In what a frame of ours is another than the contract says; None where it is not. Acks are of any action."""
    kind = frame.get("type")
    if kind is None:
        return None  # API Gateway's own
    try:
        if kind == "error":
            Problem.model_validate_json(json.dumps(frame["error"]))
        elif kind == "ack":
            return None if isinstance(frame["data"], dict) else f"its data is {frame['data']!r}"
        elif kind not in EVENTS:
            return "the contract has no such event"
        else:
            return _of_event(EVENTS[kind], frame)
    except ValidationError as error:
        return str(error)
    return None


def _of_event(event: Event, frame: Mapping[str, Any]) -> str | None:
    event.data.model_validate_json(json.dumps(frame["data"]))
    wanted = {"type", "time", "data", *(["conversation_id"] if event.of_conversation else [])}
    wanted |= {"seq"} if event.has_seq else set()
    return None if frame.keys() == wanted else f"it has {sorted(frame)}, not {sorted(wanted)}"


@cache
def _patterns() -> list[tuple[re.Pattern[str], Operation]]:
    ordered = sorted(OPERATIONS, key=lambda each: each.path.count("{"))
    return [(re.compile(re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(each.path))), each) for each in ordered]
