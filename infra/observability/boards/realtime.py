"""WebSockets: connections, what clients ask over them, what is pushed to them."""

from chat4all.metrics import metric_list as m
from infra.observability.metrics import BY_NAME
from infra.observability.panels import Board, counted, state, timed

BOARD = Board(
    "realtime",
    "Chat4All: WebSockets",
    (
        state("Open", BY_NAME["websocket_connections_open"]),
        counted("Asked for", m.WEBSOCKET_CONNECTIONS, "outcome"),
        counted("Frames taken", m.WEBSOCKET_MESSAGES_SENT),
        counted("Frames not taken", m.WEBSOCKET_MESSAGES_FAILED, "cause"),
        counted("Requests", m.WEBSOCKET_ACTIONS, "action", "outcome"),
        timed("Latency of requests", m.WEBSOCKET_ACTION_SECONDS, "action"),
        timed("From acceptance to the socket", m.MESSAGE_LATENCY, stage="pushed"),
    ),
)
