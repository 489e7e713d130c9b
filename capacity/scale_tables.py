"""Tables of the three sizes: quotas, what is needed, and the bill."""

from collections.abc import Sequence

from capacity import quotas
from capacity.design import TODAY
from capacity.limits import RAISED
from capacity.markdown import rounded, table, usd
from capacity.scales import PER_MINUTE, Scale


def at_each_rate(scales: Sequence[Scale]) -> str:
    """One table for each rate, with a column for each design."""
    return "\n\n".join(_at([scale for scale in scales if scale.per_minute == rate]) for rate in PER_MINUTE)


def _at(scales: Sequence[Scale]) -> str:
    heads = [f"{scales[0].per_minute:,} messages a minute", *(scale.design.name for scale in scales)]
    rows = [
        [load.quota.name, *(_ratio(scale, load.quota) for scale in scales)]
        for load in scales[0].loads
        if load.quota is not quotas.BROKERS
    ]
    figures = {
        "messages/s": [rounded(s.asked.messages) for s in scales],
        "connections open": [rounded(s.asked.connections) for s in scales],
        "invocations/s": [rounded(s.asked.invocations) for s in scales],
        "environments at work": [rounded(s.asked.concurrency) for s in scales],
        "written to Kafka, MB/s": [rounded(s.asked.kafka_mb) for s in scales],
        "brokers": [f"{s.fleet.count} {s.fleet.size.name}" for s in scales],
        f"cells, with an account's quotas raised {RAISED} times": [str(s.cells) for s in scales],
        "dollars a month": [usd(s.month_usd) for s in scales],
        "dollars a million messages": [usd(s.million_usd) for s in scales],
    }
    for topic in ("messages", "events", "outbound.telegram"):
        counts = [f"{s.asked.topic_partitions[f'chat4all.{topic}']:,}" for s in scales]
        rows.append([f"partitions of `chat4all.{topic}`", *counts])
    return table(heads, [*rows, *([name, *row] for name, row in figures.items())])


def ratio_of(scale: Scale, quota: quotas.Quota) -> float:
    return next(load.ratio for load in scale.loads if load.quota is quota)


def _ratio(scale: Scale, quota: quotas.Quota) -> str:
    ratio = ratio_of(scale, quota)
    return f"**{rounded(ratio)}**" if ratio > 1 else f"{ratio:.2f}"


def bill(scales: Sequence[Scale]) -> str:
    """By line, as the repository stands at each rate, and with all changes at the highest."""
    columns = [*(scale for scale in scales if scale.design is TODAY), scales[-1]]
    names = dict.fromkeys(_name(line.what) for scale in columns[::-1] for line in scale.bill)
    order = sorted(names, key=lambda name: -_of(columns[-2], name))
    rows = [[name, *(usd(_of(scale, name)) for scale in columns)] for name in order]
    rows.append(["**all**", *(f"**{usd(scale.month_usd)}**" for scale in columns)])
    rows.append(["a million messages", *(usd(scale.million_usd) for scale in columns)])
    return table(["a month", *(f"{scale.per_minute:,} a minute, {scale.design.name}" for scale in columns)], rows)


def _name(what: str) -> str:
    """Without how many there are."""
    if "brokers" in what:
        return "MSK, brokers"
    return "Containers for WebSockets" if what.startswith("Containers") else what


def _of(scale: Scale, name: str) -> float:
    return sum(line.usd for line in scale.bill if _name(line.what) == name)
