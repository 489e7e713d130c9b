"""Whether the edge of this machine answers: what the container's health check runs."""

from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from edge.health import LIVE
from edge.settings import EdgeSettings

_WITHIN_S = 3.0


def probe(own: EdgeSettings) -> int:
    """Exit code: 0 where it serves, 1 where it does not, or is about to end."""
    options = (("grpc.enable_http_proxy", 0),)
    with _channel(own, options) as channel:
        try:
            request = health_pb2.HealthCheckRequest(service=LIVE)
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(request, timeout=_WITHIN_S)
        except grpc.RpcError as error:
            print(f"no answer: {error.code().name}")
            return 1
    is_serving = answer.status == health_pb2.HealthCheckResponse.SERVING
    return 0 if is_serving else 1


def _channel(own: EdgeSettings, options: tuple[tuple[str, int], ...]) -> grpc.Channel:
    """With TLS it is trusted by the very certificate that it serves: nobody else's can be on this port."""
    address = f"127.0.0.1:{own.port}"
    if not own.certificate:
        return grpc.insecure_channel(address, options)
    with open(own.certificate, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    return grpc.secure_channel(address, credentials, options)
