"""Server reflection, as grpc.reflection.v1alpha, which the library has, and as grpc.reflection.v1, which says the same.

Their messages are equal on the wire (grpc/grpc-proto, reflection.proto), so one servicer answers both.
"""

from collections.abc import Iterable
from typing import Any

import grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2
from grpc_reflection.v1alpha._async import ReflectionServicer

NAMES = (reflection.SERVICE_NAME, "grpc.reflection.v1.ServerReflection")


def handlers(services: Iterable[str]) -> tuple[Any, ...]:
    """Generic handlers that list `services`, and those of reflection itself."""
    servicer = ReflectionServicer((*services, NAMES[0]))
    handler = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
        response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    return tuple(grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": handler}) for name in NAMES)
