"""Outgoing webhooks: requests to customers' servers, and what became of them."""

from chat4all.metrics import metric_list as m
from infra.observability.panels import Board, counted, state, timed

BOARD = Board(
    "webhooks",
    "Chat4All: webhooks",
    (
        counted("Attempts by outcome", m.WEBHOOK_ATTEMPTS, "outcome"),
        timed("Time of attempts", m.WEBHOOK_ATTEMPT_SECONDS),
        timed("From acceptance to the customer's server", m.MESSAGE_LATENCY, stage="webhook"),
        counted("Deliveries given up", m.WEBHOOKS_GIVEN_UP),
        counted("Endpoints disabled", m.WEBHOOKS_DISABLED, "reason"),
        state("Lanes that wait", m.LANES_WAITING, "consumer", consumer="webhook_send"),
    ),
)
