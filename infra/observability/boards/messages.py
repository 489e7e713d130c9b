"""A message on its way: accepted, routed, pushed, taken by providers and servers."""

from chat4all.metrics import metric_list as m
from infra.observability.panels import Board, Unit, counted, state, timed

BOARD = Board(
    "messages",
    "Chat4All: messages",
    (
        counted("Accepted, by channel", m.MESSAGES_SENT, "channel"),
        counted("Accepted, by type", m.MESSAGES_SENT, "type"),
        counted("Delivered", m.MESSAGES_DELIVERED, "channel"),
        counted("Deliveries over channels", m.DELIVERIES, "channel", "status"),
        timed("Latency by stage", m.MESSAGE_LATENCY, "stage"),
        counted("Records parked", m.RECORDS_PARKED, "consumer"),
        counted("Records not parked", m.RECORDS_NOT_PARKED, "consumer"),
        counted("Records retried", m.RECORDS_RETRIED, "consumer"),
        counted("Records given up", m.RECORDS_DEAD, "consumer"),
        counted("Tombstones skipped", m.TOMBSTONES_SKIPPED, "consumer"),
        counted("Mirrors refused", m.MIRRORS_REFUSED),
        state("Lanes that wait", m.LANES_WAITING, "consumer"),
        state("Oldest message that is not routed", m.OUTBOX_AGE, unit=Unit.SECONDS),
        state("Conversations that are not routed", m.OUTBOX_BEHIND),
        counted("Published by the sweeper", m.OUTBOX_PUBLISHED),
    ),
)
