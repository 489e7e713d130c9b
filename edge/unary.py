"""Unary calls: each is one request of the HTTP API."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc import code_pb2

from chat4all.logs import logger
from chat4all.tracing.current import current
from chat4all.validation import BODY_MAX_BYTES
from edge import callers
from edge.api import LONGEST_S, Answer, Api
from edge.contract import HttpRule, Method
from edge.counts import Counts
from edge.documents import UnfitDocument, UnfitMessage, fill
from edge.http_request import HttpRequest, http_request
from edge.metrics import measured
from edge.refusal import Refused, answered, parsed
from edge.statuses import status, status_of
from edge.traced import traced

_SMALL_BYTES = 16 * 1024
"""What is larger is turned into its other form in a thread, one at a time: a quarter of a megabyte of nulls takes half a second,
in which no other call and no stream would go on."""
_FILES_MAX = 16
"""Calls with a file at the same time: each is held three times, 4 MiB at most, before anybody has looked at its token."""
TOLD = ("retry-after", "ratelimit", "ratelimit-policy", "apigw-requestid", "traceparent")
"""Headers of an answer that a caller is told as metadata."""

Turned = TypeVar("Turned")


class Unary:
    """Handlers of methods that have an HTTP rule."""

    def __init__(self, api: Api, secret: str, counts: Counts) -> None:
        self._api = api
        self._secret = secret
        self._counts = counts
        self._large = asyncio.Lock()
        self._files = 0

    def handler(self, method: Method, rule: HttpRule) -> Any:
        """What grpc calls for `method`."""

        async def handle(body: bytes, context: Any) -> Message:
            call = self._with_file if rule.has_file else self._answered
            with traced(method.path, context), measured(method, context):
                return await answered(call(method, rule, body, context), context, self._counts)

        return grpc.unary_unary_rpc_method_handler(handle, response_serializer=method.response.SerializeToString)

    async def _with_file(self, method: Method, rule: HttpRule, body: bytes, context: Any) -> Message:
        if self._files >= _FILES_MAX:
            text = f"{_FILES_MAX} files are being uploaded through this server; try again, or use InitiateUpload"
            raise Refused(status(code_pb2.UNAVAILABLE, "overloaded", text, retry_after_s=1.0))
        self._files += 1
        try:
            return await self._answered(method, rule, body, context)
        finally:
            self._files -= 1

    async def _answered(self, method: Method, rule: HttpRule, body: bytes, context: Any) -> Message:
        headers = callers.headers(context.invocation_metadata() or (), context.peer(), self._secret)
        trace = current()
        headers |= trace.headers() if trace is not None else {}
        within_s = context.time_remaining()
        try:
            async with asyncio.timeout(LONGEST_S if within_s is None else max(within_s, 0)):
                request = await self._turned(0 if rule.has_file else len(body), _request, method, rule, body)
                answer = await self._api.ask(request, headers, context.time_remaining())
        except TimeoutError as error:
            raise Refused(
                status(code_pb2.DEADLINE_EXCEEDED, "timeout", "The HTTP API did not answer in time")
            ) from error
        told = _told(answer.headers)
        if not _is_answer(rule, answer.status):
            refused = status_of(answer.status, answer.document, answer.headers.get("retry-after"))
            raise Refused(refused, told)
        if told:
            context.set_trailing_metadata(told)
        self._counts.add("answered")
        message, unknown = await self._turned(answer.bytes, _message, method, rule, answer)
        for path in unknown:
            self._counts.add(f"unknown_field.{method.name}.{path}")
        return message

    async def _turned(self, size: int, turn: Callable[..., Turned], *given: Any) -> Turned:
        """What `turn` makes of `size` bytes, without holding up others for long."""
        if size <= _SMALL_BYTES:
            return turn(*given)
        async with self._large:
            return await asyncio.to_thread(turn, *given)


def _request(method: Method, rule: HttpRule, body: bytes) -> HttpRequest:
    """What a call asks of the HTTP API, which takes no larger bodies either, but for files. Raises Refused."""
    try:
        return http_request(rule, parsed(method.request, body, len(body) if rule.has_file else BODY_MAX_BYTES))
    except UnfitMessage as error:
        raise Refused(status(code_pb2.INVALID_ARGUMENT, "invalid", str(error), field=error.field)) from error


def _message(method: Method, rule: HttpRule, answer: Answer) -> tuple[Message, list[str]]:
    """The answer as the method's response, and what the proto has no field for. Raises Refused."""
    message = method.response()
    document = {rule.answer_field: answer.document} if rule.answer_field else answer.document
    if document is None:
        return message, []
    try:
        if not isinstance(document, dict):
            raise UnfitDocument(f"an object, not {type(document).__name__}")
        return message, fill(message, document)
    except UnfitDocument as error:
        logger.error("answer does not fit the contract", method=method.path, cause=str(error))
        text = "The HTTP API answered what the contract does not have; it is logged"
        raise Refused(status(code_pb2.INTERNAL, "unexpected_answer", text)) from error


def _is_answer(rule: HttpRule, http_status: int) -> bool:
    return 200 <= http_status < 300 or http_status in rule.answer_statuses


def _told(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, headers[name]) for name in TOLD if name in headers)
