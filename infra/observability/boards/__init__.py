"""Every dashboard, in the order in which they are looked at."""

from infra.observability.boards import (
    api,
    channels,
    database,
    files,
    functions,
    grpc,
    kafka,
    messages,
    overview,
    realtime,
    webhooks,
)
from infra.observability.panels import Board

BOARDS: tuple[Board, ...] = (
    overview.BOARD,
    messages.BOARD,
    api.BOARD,
    realtime.BOARD,
    channels.BOARD,
    kafka.BOARD,
    database.BOARD,
    functions.BOARD,
    webhooks.BOARD,
    files.BOARD,
    grpc.BOARD,
)
