"""Panels and boards, described by metrics of the list: Grafana's and CloudWatch's JSON are written from the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chat4all.metrics.metric import BYTES, COUNTER, GAUGE, HISTOGRAM, Metric

RANGE = "$__rate_interval"
"""Of rates in dashboards: Grafana fills in what fits the picture and the scrapes."""


class Unit(StrEnum):
    """Grafana's ids of units."""

    PER_SECOND = "ops"
    SECONDS = "s"
    BYTES_PER_SECOND = "Bps"
    NUMBER = "short"
    SHARE = "percentunit"


@dataclass(frozen=True, slots=True)
class Shown:
    """A metric in a panel: which labels tell its lines apart, and which samples count."""

    metric: Metric
    by: tuple[str, ...] = ()
    where: Mapping[str, str] | None = None
    """Regular expression by label."""


@dataclass(frozen=True, slots=True)
class Query:
    expr: str
    legend: str


@dataclass(frozen=True, slots=True)
class Panel:
    """`meaning` is what a reader of the panel is told. `shown` is empty where only Prometheus can tell (recorded ratios)."""

    title: str
    meaning: str
    unit: Unit
    queries: tuple[Query, ...]
    shown: tuple[Shown, ...] = ()
    stat: bool = False
    """One number instead of lines."""
    bad_above: float | None = None
    """From where it is drawn in red."""


@dataclass(frozen=True, slots=True)
class Board:
    """`name` is that of its file, and its id in Grafana."""

    name: str
    title: str
    panels: tuple[Panel, ...]


def counted(title: str, metric: Metric, *by: str, **where: str) -> Panel:
    """How often a second, a line for each combination of the labels `by`."""
    shown = _shown(metric, by, where, COUNTER)
    expr = f"{_sum(by)} (rate({metric.name}{_selector(where)}[{RANGE}]))"
    unit = Unit.BYTES_PER_SECOND if metric.unit == BYTES else Unit.PER_SECOND
    return Panel(title, metric.meaning, unit, (Query(expr, _legend(by, title)),), (shown,))


def timed(title: str, metric: Metric, *by: str, **where: str) -> Panel:
    """The middle and the slowest hundredth of durations."""
    shown = _shown(metric, by, where, HISTOGRAM)
    rates = f"{_sum((*by, 'le'))} (rate({metric.name}_bucket{_selector(where)}[{RANGE}]))"
    queries = tuple(
        Query(f"histogram_quantile({share:g}, {rates})", f"p{share:.0%} {_legend(by, '')}".replace("%", "").strip())
        for share in (0.5, 0.99)
    )
    return Panel(title, metric.meaning, Unit.SECONDS, queries, (shown,))


def state(title: str, metric: Metric, *by: str, how: str = "max", unit: Unit = Unit.NUMBER, **where: str) -> Panel:
    """A state as it is: `how` puts together what `by` does not tell apart (max, min, sum)."""
    shown = _shown(metric, by, where, GAUGE)
    grouped = f"{how} by ({', '.join(by)})" if by else how
    return Panel(
        title,
        metric.meaning,
        unit,
        (Query(f"{grouped} ({metric.name}{_selector(where)})", _legend(by, title)),),
        (shown,),
    )


def recorded(title: str, meaning: str, expr: str, unit: Unit, bad_above: float | None = None) -> Panel:
    """One number from recorded rules."""
    return Panel(title, meaning, unit, (Query(expr, title),), stat=True, bad_above=bad_above)


def _shown(metric: Metric, by: tuple[str, ...], where: Mapping[str, str], kind: str) -> Shown:
    if metric.kind != kind or {*by, *where} - set(metric.labels):
        raise ValueError(
            f"{metric.name} is a {metric.kind} with the labels {metric.labels}, not a {kind} with {by} {where}"
        )
    return Shown(metric, by, where or None)


def _sum(by: tuple[str, ...]) -> str:
    return f"sum by ({', '.join(by)})" if by else "sum"


def _selector(where: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}=~"{value}"' for name, value in where.items()) + "}" if where else ""


def _legend(by: tuple[str, ...], otherwise: str) -> str:
    return " ".join(f"{{{{{name}}}}}" for name in by) or otherwise
