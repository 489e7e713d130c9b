"""A client of the contract, made from its descriptors."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

from edge.contract import message_class, methods

METHODS = {method.name: method for method in methods()}
OPTIONS = (("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", 32 * 2**20))


class Client:
    """Calls methods by their names; `token` goes with each."""

    def __init__(self, channel: Any, token: str = "") -> None:
        self._channel = channel
        self.metadata: tuple[tuple[str, str], ...] = (("authorization", f"Bearer {token}"),) if token else ()

    def call(
        self, name: str, message: Any, *, timeout: float | None = 60, metadata: Sequence[tuple[str, str]] = ()
    ) -> Any:
        """A unary call, to be awaited."""
        method = METHODS[name]
        stub = self._channel.unary_unary(
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )
        return stub(message, timeout=timeout, metadata=(*self.metadata, *metadata))

    def stream(self, **fields: Any) -> Any:
        """A StreamEvents call."""
        method = METHODS["StreamEvents"]
        stub = self._channel.unary_stream(
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )
        return stub(method.request(**fields), metadata=self.metadata)


def new(name: str, **fields: Any) -> Any:
    """A message of the contract."""
    return message_class(name)(**fields)


async def events(stream: Any) -> AsyncIterator[Any]:
    """Events of a stream, until it ends."""
    async for response in stream:
        yield response.event


async def first(stream: Any, kind: str) -> Any:
    """The next event of a type."""
    async for event in events(stream):
        if event.type == kind:
            return event
    raise AssertionError(f"the stream ended without {kind}")


def status_of(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    """The status with its details, as it came in the trailers."""
    found = dict(error.trailing_metadata() or ())
    value = found.get("grpc-status-details-bin", b"")
    return status_pb2.Status.FromString(value if isinstance(value, bytes) else value.encode())


def info_of(error: grpc.aio.AioRpcError) -> error_details_pb2.ErrorInfo:
    """Why it ended."""
    info = error_details_pb2.ErrorInfo()
    for detail in status_of(error).details:
        if detail.Unpack(info):
            return info
    return info
