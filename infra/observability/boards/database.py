"""DynamoDB: calls, their time, and what went wrong."""

from chat4all.metrics import metric_list as m
from infra.observability.panels import Board, Panel, Query, Unit, counted, timed

_CALLS = f"{m.DATABASE_SECONDS.name}_count"

BOARD = Board(
    "database",
    "Chat4All: DynamoDB",
    (
        Panel(
            "Calls by table",
            m.DATABASE_SECONDS.meaning,
            Unit.PER_SECOND,
            (Query(f"sum by (table) (rate({_CALLS}[$__rate_interval]))", "{{table}}"),),
        ),
        Panel(
            "Calls by operation",
            m.DATABASE_SECONDS.meaning,
            Unit.PER_SECOND,
            (Query(f"sum by (operation) (rate({_CALLS}[$__rate_interval]))", "{{operation}}"),),
        ),
        timed("Latency by operation", m.DATABASE_SECONDS, "operation"),
        timed("Latency by table", m.DATABASE_SECONDS, "table"),
        counted("Errors", m.DATABASE_ERRORS, "table", "error"),
        counted("Throttled", m.DATABASE_ERRORS, "table", error="throttled"),
    ),
)
