"""Ending a call with a status and its details."""

from collections.abc import Sequence
from typing import Any, NoReturn

import grpc
from google.rpc import status_pb2

CODES = {code.value[0]: code for code in grpc.StatusCode}


class Refused(Exception):
    """A call ends with this status."""

    def __init__(self, status: status_pb2.Status, trailers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(status.message)
        self.status = status
        self.trailers = tuple(trailers)


async def end(context: Any, refused: Refused) -> NoReturn:
    """Abort the call. Raises what grpc takes for the end of a handler."""
    details = ("grpc-status-details-bin", refused.status.SerializeToString())
    await context.abort(CODES[refused.status.code], refused.status.message, (*refused.trailers, details))
    raise AssertionError("abort does not return")
