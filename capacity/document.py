"""docs/capacity.md: page.txt with every figure computed."""

from collections.abc import Sequence
from pathlib import Path

from capacity import prices, quotas
from capacity.cost import fixed_network, serverless_month, small_brokers_month
from capacity.design import DESIGNS, TODAY
from capacity.limits import binds_at, consumers_bind_at, loads
from capacity.markdown import per_minute, rounded, table, usd
from capacity.measured_tables import how_often, kinds, meanings, shared_in_batches, waits
from capacity.scale_tables import at_each_rate, bill, ratio_of
from capacity.scales import PER_MINUTE, Model, Scale
from capacity.service import UTILISATION
from capacity.workload import MONTH_S

PAGE = Path(__file__).parent / "page.txt"


def document(model: Model, scales: Sequence[Scale], simulation: str) -> str:
    """The whole page; `simulation` is its section about the simulator."""
    values = _measured(model) | _prose(model, scales) | _sources()
    values |= {
        "first": first(model),
        "scales": at_each_rate(scales),
        "bill": bill(scales),
        "idle": idle(model),
        "sizes": sizes(model),
        "designs": "\n".join(f"- *{design.name}*: {design.what}." for design in DESIGNS),
        "simulation": simulation,
    }
    return PAGE.read_text().format_map(values)


def _measured(model: Model) -> dict[str, str]:
    work, all_on = model.work, [use.on for use in model.measured.kinds.values()]
    machine = ("date", "processors", "model", "python")
    busy = [on["load_average"][0] for on in all_on]
    return {name: " and ".join(sorted({str(on[name]) for on in all_on})) for name in machine} | {
        "load_average": f"{min(busy):.0f} to {max(busy):.0f}",
        "kinds": kinds(model.measured),
        "meanings": meanings(model.measured),
        "shared": shared_in_batches(model.measured),
        "often": how_often(work),
        "waits": waits(),
        "seconds_a_message": f"{work.connection_s_per_message:g}",
        "session_minutes": f"{work.session_s / 60:g}",
        "heartbeat_s": f"{work.heartbeat_s:g}",
        "partitions": str(model.deployed.partitions),
        "utilisation": f"{UTILISATION:.0%}",
    }


def first(model: Model) -> str:
    """Each quota and each consumer on the template's partitions, by the rate at which it is full."""
    at_one = model.demand(1.0, TODAY)
    rows: list[tuple[float, str, str, str, str]] = []
    for load in loads(at_one):
        quota = load.quota
        if quota is not quotas.BROKERS:
            rate = binds_at(quota, lambda per_second: model.demand(per_second, TODAY))
            how = "on request" if quota.can_be_raised else "not"
            rows.append((rate, quota.name, f"{rounded(quota.value)} {quota.unit}", load.of or quota.scope, how))
    partitions = model.deployed.partitions
    for name, rate in consumers_bind_at(at_one, partitions).items():
        topic = f"`{model.deployed.topics[name]}`"
        rows.append(
            (rate, f"`{name}` on {partitions} partitions", "a batch at a time for each", topic, "`KafkaPartitions`")
        )
    shown = [(per_minute(rate), *rest) for rate, *rest in sorted(rows) if rate < float("inf")]
    return table(["messages a minute", "what", "quota", "of", "raised"], shown)


_SIZES = {"small": 100, "medium": 10_000, "large": 1_000_000}
"""Messages a minute."""


def sizes(model: Model) -> str:
    """What a deployment of a size costs, and how much of it is paid whether or not anybody writes."""
    rows = []
    for name, rate in _SIZES.items():
        scale = model.scale(rate, TODAY)
        fixed = sum(line.usd for line in scale.bill if line.is_fixed)
        dearest = "; ".join(line.what for line in scale.bill[:3])
        rows.append(
            (name, f"{rate:,}", usd(scale.month_usd), usd(scale.million_usd), f"{fixed / scale.month_usd:.0%}", dearest)
        )
    return table(["", "messages a minute", "a month", "a million messages", "of it fixed", "the dearest"], rows)


def idle(model: Model) -> str:
    """What is paid when nobody writes."""
    fixed = [line for line in model.scale(0.001, TODAY).bill if line.is_fixed]
    rows = [(line.what, usd(line.usd)) for line in fixed]
    return table(["a month", "dollars"], [*rows, ("**all**", f"**{usd(sum(line.usd for line in fixed))}**")])


def _prose(model: Model, scales: Sequence[Scale]) -> dict[str, str]:
    def at(rate: float, name: str) -> Scale:
        return next(s for s in scales if s.per_minute == rate and s.design.name == name)

    small, middle, large = (at(rate, "today") for rate in PER_MINUTE)
    middle_tuned, tuned, own = (
        at(PER_MINUTE[1], "tuned"),
        at(PER_MINUTE[2], "tuned"),
        at(PER_MINUTE[2], "own WebSockets"),
    )
    most = {
        s.design.name: max(load.ratio for load in s.loads if load.quota is not quotas.BROKERS) for s in (large, own)
    }
    topics = len(set(model.deployed.topics.values()))
    return {
        "small_most": f"{max(load.ratio for load in small.loads if load.quota is not quotas.BROKERS):.0%}",
        "small_partitions": str(2 * max(small.asked.topic_partitions.values())),
        "small_channels": rounded(small.asked.to_providers),
        "small_bots": f"{small.asked.to_providers / quotas.TELEGRAM.value:.0%}",
        "small_numbers": f"{small.asked.to_providers / quotas.WHATSAPP.value:.0%}",
        "middle_asks": asks(middle),
        "middle_partitions": partitions_of(middle),
        "middle_hot": rounded(ratio_of(middle, quotas.PARTITION_READS)),
        "middle_spared": f"{1 - middle_tuned.asked.gateway_requests / middle.asked.gateway_requests:.0%}",
        "large_most": rounded(most["today"]),
        "own_most": rounded(most["own WebSockets"]),
        "large_cells": str(large.cells),
        "tuned_cells": str(tuned.cells),
        "own_cells": str(own.cells),
        "cell_rate": rounded(PER_MINUTE[2] / own.cells),
        "own_saves": usd(tuned.month_usd - own.month_usd),
        "month_days": str(MONTH_S // 86_400),
        "noted": prices.NOTED,
        "small_brokers": usd(small_brokers_month()),
        "serverless": usd(serverless_month(model.deployed.partitions, 2 * topics)),
        "topics": str(topics),
        "network": usd(fixed_network()),
    }


def asks(scale: Scale) -> str:
    """What to ask AWS for, with a third to spare."""
    needed = [load for load in scale.loads if load.ratio > 0.7 and load.quota.can_be_raised]
    return "; ".join(f"{load.quota.name}: {rounded(load.asked / 0.7)} {load.quota.unit}" for load in needed)


def partitions_of(scale: Scale) -> str:
    of = scale.asked.topic_partitions
    return ", ".join(f"{of[f'chat4all.{name}']:,}" for name in ("messages", "events", "outbound.telegram"))


def _sources() -> dict[str, str]:
    found = [value for value in vars(quotas).values() if isinstance(value, quotas.Quota)]
    priced = [value for value in vars(prices).values() if isinstance(value, prices.Price)]
    quota_rows = [(q.name, f"{rounded(q.value)} {q.unit}", "yes" if q.can_be_raised else "no", q.source) for q in found]
    price_rows = [(p.unit, f"{p.usd:.10f}".rstrip("0").rstrip("."), p.source) for p in priced]
    return {
        "quotas": table(["quota", "value", "can be raised", "page"], quota_rows),
        "prices": table(["for", "dollars", "page"], price_rows),
    }
