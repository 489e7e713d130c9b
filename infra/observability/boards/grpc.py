"""The gRPC edge: calls, their time, streams, and how long its certificate holds."""

from chat4all.metrics import metric_list as m
from infra.observability.panels import Board, Unit, counted, state, timed

BOARD = Board(
    "grpc",
    "Chat4All: gRPC",
    (
        counted("Calls by method", m.GRPC_HANDLED, "grpc_method"),
        counted("Calls by code", m.GRPC_HANDLED, "grpc_code"),
        timed("Time of unary calls", m.GRPC_SECONDS, "grpc_method", grpc_type="unary"),
        state("Open streams", m.GRPC_STREAMS),
        state("Until the certificate expires", m.CERTIFICATE_SECONDS, how="min", unit=Unit.SECONDS),
    ),
)
