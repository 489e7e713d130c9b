"""Whether all is well: the objectives first, then what people do, then what is behind."""

from chat4all.metrics import metric_list as m
from infra.observability.metrics import BY_NAME
from infra.observability.panels import Board, Panel, Query, Unit, counted, recorded, state, timed
from infra.observability.slos import BURNS, HOURS, SLOS, error_ratio

_FASTEST = BURNS[0]


def _objectives() -> tuple[Panel, ...]:
    return tuple(
        recorded(
            f"{slo.title}: bad, last hour",
            f"{slo.promise}; {slo.budget:.2%} may be bad.",
            error_ratio("1h", slo),
            Unit.SHARE,
            bad_above=slo.budget,
        )
        for slo in SLOS
    )


def _burning() -> Panel:
    queries = tuple(
        Query(f"{error_ratio(window, slo)} / {slo.budget:g}", f"{slo.name} {window}")
        for slo in SLOS
        for window in ("5m", "1h")
    )
    hours = 30 * 24 / _FASTEST.rate
    meaning = f"1 uses up the budget of 30 days in 30 days, {_FASTEST.rate:g} in {hours:.0f} hours: somebody is called."
    return Panel("How fast error budgets burn", meaning, Unit.NUMBER, queries)


def _left() -> Panel:
    queries = tuple(Query(f"1 - {error_ratio('3d', slo)} / {slo.budget:g}", slo.name) for slo in SLOS)
    meaning = (
        f"Of what may be bad at this rate, over the last {HOURS['3d'] / 24:g} days; below 0 the promise is not kept."
    )
    return Panel("Error budgets left", meaning, Unit.SHARE, queries)


def _alerts() -> Panel:
    expr = 'sum by (alertname, severity) (ALERTS{alertstate="firing"}) or on () vector(0)'
    return Panel(
        "Alerts that fire",
        "Each has a page in docs/runbooks.",
        Unit.NUMBER,
        (Query(expr, "{{severity}} {{alertname}}"),),
    )


BOARD = Board(
    "overview",
    "Chat4All: overview",
    (
        *_objectives(),
        _alerts(),
        _burning(),
        _left(),
        counted("Messages accepted", m.MESSAGES_SENT, "channel"),
        counted("Messages delivered", m.MESSAGES_DELIVERED, "channel"),
        timed("From acceptance to the recipient's socket", m.MESSAGE_LATENCY, stage="pushed"),
        counted("Requests by the gateway", BY_NAME["aws_apigateway_requests_total"], "api", "status"),
        state("Behind in Kafka", BY_NAME["kafka_consumer_lag"], "group", "topic", how="sum"),
        state("Open WebSockets", BY_NAME["websocket_connections_open"]),
        counted("Records given up", m.RECORDS_DEAD, "consumer"),
        state("Circuits open", m.CIRCUITS_OPEN),
        state("Engines of the local stack that run", BY_NAME["stack_engine_up"], "engine", how="min"),
    ),
)
