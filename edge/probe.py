"""Whether the edge of this machine answers: what the container's health check runs."""

from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from edge.health import LIVE
from edge.settings import EdgeSettings
from edge.tls import name_in, read

_WITHIN_S = 3.0
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what listens everywhere is asked at home


def probe(own: EdgeSettings) -> int:
    """Exit code: 0 where it serves, 1 where it does not, or is about to end."""
    try:
        with _channel(own) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(health_pb2.HealthCheckRequest(service=LIVE), timeout=_WITHIN_S)
    except grpc.RpcError as error:
        print(f"no answer: {error.code().name}: {error.details()}")
        return 1
    is_serving = answer.status == health_pb2.HealthCheckResponse.SERVING
    if not is_serving:
        print("it does not serve: it is about to end")
    return 0 if is_serving else 1


def _channel(own: EdgeSettings) -> grpc.Channel:
    """With TLS it is trusted by the very certificate that it serves, whatever its name: nobody else's can be on this port."""
    options = [("grpc.enable_http_proxy", 0)]
    address = own.address(_HERE.get(own.host, own.host))
    if not own.certificate:
        return grpc.insecure_channel(address, options)
    _, chain = read(own)
    named = [("grpc.ssl_target_name_override", name)] if (name := name_in(chain)) else []
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(chain), [*options, *named])
