"""The service level objectives, and the rules of Prometheus that follow from them.

Alerts go by how fast the error budget burns, in several windows, as chapter 5 of Google's Site Reliability Workbook has it
("Alerting on SLOs", its sixth way: multiwindow, multi-burn-rate alerts): the long window says that it matters, the short one
that it still goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.observability.runbooks import runbook_url

PERIOD_DAYS = 30
"""In which an error budget may be used up."""


@dataclass(frozen=True, slots=True)
class Slo:
    """`bad` and `total` are PromQL of events a second, with {window} for the range."""

    name: str
    alert: str
    objective: float
    """Share of events that must be good."""
    promise: str
    """What is promised, in words."""
    bad: str
    total: str

    @property
    def title(self) -> str:
        """Its name, for people."""
        return self.name.replace("_", " ").capitalize().replace("Api", "API")

    @property
    def budget(self) -> float:
        """Share of events that may be bad."""
        return round(1 - self.objective, 9)


@dataclass(frozen=True, slots=True)
class Burn:
    """Fires where the budget burns `rate` times as fast as would use it up in the period, over both windows."""

    severity: str
    rate: float
    long: str
    short: str


BURNS = (
    Burn("page", 14.4, "1h", "5m"),
    Burn("page", 6, "6h", "30m"),
    Burn("ticket", 3, "1d", "2h"),
    Burn("ticket", 1, "3d", "6h"),
)
"""Of the workbook's table 5-8: 2 % of 30 days' budget in an hour, 5 % in six; 10 % in a day, and in three."""
HOURS = {"5m": 1 / 12, "30m": 0.5, "1h": 1, "2h": 2, "6h": 6, "1d": 24, "3d": 72}
"""The windows, in hours."""

_REQUESTS = "aws_apigateway_requests_total"
_API_SECONDS = "aws_apigateway_request_seconds"
_MESSAGE_SECONDS = "chat4all_message_latency_seconds"


def budget_spent(burn: Burn) -> float:
    """Share of a period's budget that is gone when the alert fires after its whole long window."""
    return burn.rate * HOURS[burn.long] / (PERIOD_DAYS * 24)


def rules() -> dict[str, Any]:
    """The file prometheus/rules/slo.yml: one group, whose rules are evaluated in their order, so alerts see new ratios."""
    return {"groups": [{"name": "slo", "rules": [*_objectives(), *_ratios(), *_alerts()]}]}


def slower(metric: str, selector: str, seconds: float) -> str:
    """Events a second that took longer: all, less those in the bucket that ends there."""
    return (
        f"sum(rate({metric}_count{{{selector}}}[{{window}}])) "
        f'- sum(rate({metric}_bucket{{{selector},le="{seconds:g}"}}[{{window}}]))'
    )


def error_ratio(window: str, slo: Slo) -> str:
    """The recorded share of bad events."""
    return f'slo:error_ratio:rate{window}{{slo="{slo.name}"}}'


def _objectives() -> Iterator[Mapping[str, Any]]:
    for slo in SLOS:
        yield {"record": "slo:objective:ratio", "expr": f"vector({slo.objective:g})", "labels": {"slo": slo.name}}
        yield {"record": "slo:error_budget:ratio", "expr": f"vector({slo.budget:g})", "labels": {"slo": slo.name}}


def _ratios() -> Iterator[Mapping[str, Any]]:
    for slo in SLOS:
        for window in HOURS:
            bad, total = (text.replace("{window}", window) for text in (slo.bad, slo.total))
            yield {
                "record": f"slo:error_ratio:rate{window}",
                "expr": f"({bad})\n/\n({total})",
                "labels": {"slo": slo.name},
            }


def _alerts() -> Iterator[Mapping[str, Any]]:
    for slo in SLOS:
        for severity in ("page", "ticket"):
            burns = [burn for burn in BURNS if burn.severity == severity]
            yield {
                "alert": slo.alert,
                "expr": "\nor\n".join(_burning(slo, burn) for burn in burns),
                "labels": {"severity": severity, "slo": slo.name},
                "annotations": {
                    "summary": f"The error budget of {slo.name} burns fast: {slo.promise}",
                    "description": "{{ $value | humanizePercentage }} are bad over the long window; "
                    f"{slo.budget:.2%} may be.",
                    "runbook_url": runbook_url(slo.alert),
                },
            }


def _burning(slo: Slo, burn: Burn) -> str:
    threshold = f"{burn.rate:g} * {slo.budget:g}"
    return f"({error_ratio(burn.long, slo)} > {threshold} and {error_ratio(burn.short, slo)} > {threshold})"


SLOS = (
    Slo(
        "api_availability",
        "ApiAvailabilityBurn",
        0.9995,
        "99.95 % of requests are answered without an error of ours",
        f'sum(rate({_REQUESTS}{{api="http",status="5xx"}}[{{window}}])) or vector(0)',
        f'sum(rate({_REQUESTS}{{api="http"}}[{{window}}]))',
    ),
    Slo(
        "api_latency",
        "ApiLatencyBurn",
        0.99,
        "99 % of requests are answered within 200 ms",
        slower(_API_SECONDS, 'api="http"', 0.2),
        f'sum(rate({_API_SECONDS}_count{{api="http"}}[{{window}}]))',
    ),
    Slo(
        "delivery_latency",
        "DeliveryLatencyBurn",
        0.99,
        "99 % of messages reach an open WebSocket within 500 ms of their acceptance",
        slower(_MESSAGE_SECONDS, 'stage="pushed"', 0.5),
        f'sum(rate({_MESSAGE_SECONDS}_count{{stage="pushed"}}[{{window}}]))',
    ),
)
"""Of the API, measured at the gateway as callers see it, and of messages from the 202 to the recipient's socket."""
