"""Ending a call with a status and its details."""

from collections.abc import Awaitable, Sequence
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, status_pb2

from chat4all.logs import logger
from chat4all.validation import BODY_MAX_BYTES
from edge.counts import Counts
from edge.statuses import status

CODES = {code.value[0]: code for code in grpc.StatusCode}

Answer = TypeVar("Answer")


class Refused(Exception):
    """A call ends with this status."""

    def __init__(self, status: status_pb2.Status, trailers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(status.message)
        self.status = status
        self.trailers = tuple(trailers)


async def answered(call: Awaitable[Answer], context: Any, counts: Counts) -> Answer:
    """What `call` answers. Where it is refused, or fails, the RPC ends with a status, and callers see nothing of the inside."""
    try:
        return await call
    except Refused as error:
        refused = error
    except Exception as error:
        logger.exception("unexpected error", error=type(error).__name__)
        refused = Refused(status(code_pb2.INTERNAL, "internal", "Something went wrong on our side; it is logged"))
    counts.add(f"refused.{CODES[refused.status.code].name}")
    return await _end(context, refused)


def parsed(kind: type[Message], body: bytes, bytes_max: int = BODY_MAX_BYTES) -> Any:
    """The request; raises Refused for bytes that are none, which grpc itself would call an error of ours, and for too many:
    a field that is there a million times is a few megabytes, and seconds of work."""
    if len(body) > bytes_max:
        text = f"The request has {len(body)} bytes; at most {bytes_max}"
        raise Refused(status(code_pb2.RESOURCE_EXHAUSTED, "too_large", text))
    try:
        return kind.FromString(body)
    except DecodeError as error:
        text = f"The request is no {kind.DESCRIPTOR.full_name}"
        raise Refused(status(code_pb2.INVALID_ARGUMENT, "malformed", text)) from error


async def _end(context: Any, refused: Refused) -> NoReturn:
    """Abort the call. Raises what grpc takes for the end of a handler."""
    details = ("grpc-status-details-bin", refused.status.SerializeToString())
    await context.abort(CODES[refused.status.code], refused.status.message, (*refused.trailers, details))
    raise AssertionError("abort does not return")
