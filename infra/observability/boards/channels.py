"""Providers: what is sent to them, what they tell, and whether they take our keys."""

from chat4all.metrics import metric_list as m
from infra.observability.panels import Board, counted, state, timed

BOARD = Board(
    "channels",
    "Chat4All: channels",
    (
        counted("Sends by outcome", m.CHANNEL_SENDS, "channel", "outcome"),
        timed("Latency of sends", m.CHANNEL_SEND_SECONDS, "channel"),
        timed("From acceptance to the provider", m.MESSAGE_LATENCY, stage="provider"),
        counted("Deliveries by status", m.DELIVERIES, "channel", "status"),
        counted("Received", m.CHANNEL_RECEIVED, "channel", "kind"),
        counted("Webhook calls refused", m.CHANNEL_REFUSED, "channel"),
        counted("Circuits opened", m.CIRCUITS_OPENED),
        state("Circuits open", m.CIRCUITS_OPEN),
        state("Lanes that wait", m.LANES_WAITING, "consumer"),
    ),
)
