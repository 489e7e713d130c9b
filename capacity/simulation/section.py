"""The section of docs/capacity.md about queues, and its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib import pyplot as plt

from capacity.design import TODAY
from capacity.markdown import rounded, table
from capacity.plots import COLOURS, save
from capacity.scales import PER_MINUTE, Model
from capacity.simulation.comparison import NEARLY_FULL, Fitted, Pair, compare, judged
from capacity.simulation.on_aws import OnAws, Result
from capacity.simulation.recorded import Recorded
from capacity.workload import Latencies

SCALED = (0.7, 0.85, 1.0, 1.5)
"""Times the partitions that are computed."""
_MESSAGES = 2000
TEXT = Path(__file__).parent / "section.txt"
OBJECTIVE_MS = 500
_AWS_HEADS = ("a minute", "partitions of `chat4all.messages`", "busy", "records in a batch", "p50, ms", "p99, ms")


@dataclass(frozen=True)
class Simulated:
    """All that the section shows."""

    recorded: Recorded
    fitted: Fitted
    pairs: Sequence[Pair]
    aws: Sequence[tuple[int, Sequence[Result]]]
    """By messages a minute."""


def simulate(model: Model, recorded: Recorded) -> Simulated:
    """Takes seconds; the same each time."""
    fitted, pairs = compare(recorded)
    spread = recorded.rates[0].spread
    aws = []
    for rate in PER_MINUTE:
        asked = model.demand(rate / 60, TODAY)
        runs = [
            OnAws(asked, model.deployed.batch, Latencies(), spread, times, seed=1).run(_MESSAGES) for times in SCALED
        ]
        aws.append((rate, runs))
    return Simulated(recorded, fitted, pairs, aws)


def section(simulated: Simulated) -> str:
    recorded, fitted = simulated.recorded, simulated.fitted
    counted = judged(recorded, simulated.pairs)
    middle = [abs(pair.error) for pair in counted if pair.what.endswith("p50")]
    errors = [abs(pair.error) for pair in counted]
    rows = [
        (rounded(p.rate), p.what, rounded(p.measured), rounded(p.simulated), f"{p.error:+.0%}", _how(p))
        for p in simulated.pairs
    ]
    aws_rows = [
        (f"{rate:,}", f"{r.partitions:,}", f"{r.busy:.0%}", rounded(r.records), rounded(r.p50_ms), rounded(r.p99_ms))
        for rate, runs in simulated.aws
        for r in runs
    ]
    return TEXT.read_text().format_map(
        {
            "date": recorded.date,
            "priority": f"at priority {recorded.priority} " if recorded.priority is not None else "",
            "busy": f"{max(one.load_average for one in recorded.rates):.0f}",
            "others": rounded(recorded.processors_of_others),
            "processors": str(recorded.processors),
            "elsewhere": rounded(fitted.elsewhere),
            "answer_wait": rounded(fitted.waits.answer),
            "push_wait": rounded(fitted.waits.push),
            "comparison": table(["messages/s", "what", "measured, ms", "simulated", "error", ""], rows),
            "nearly_full": f"{NEARLY_FULL:.0%}",
            "middle_error": f"{sum(middle) / len(middle):.0%}",
            "middle_most": f"{max(middle):.0%}",
            "most_error": f"{max(errors):.0%}",
            "objective": str(OBJECTIVE_MS),
            "aws": table(_AWS_HEADS, aws_rows),
        }
    )  # fmt: skip


def _how(pair: Pair) -> str:
    return "set by it" if pair.is_fitted else ""


def pictures(simulated: Simulated, folder: Path) -> None:
    """Measured and simulated side by side, and latency over partitions."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for index, what in enumerate(("answer, p50", "answer, p90", "push, p50", "push, p90")):
        pairs = [pair for pair in simulated.pairs if pair.what == what]
        rates = [pair.rate for pair in pairs]
        left.plot(rates, [pair.measured for pair in pairs], "o", color=COLOURS[index], label=what)
        left.plot(rates, [pair.simulated for pair in pairs], "-", color=COLOURS[index])
    left.set_yscale("log")
    left.set_xlabel("messages/s here; points measured, lines simulated")
    left.set_ylabel("ms")
    left.legend(fontsize=8)
    for index, (rate, runs) in enumerate(simulated.aws):
        right.plot(
            [r.busy for r in runs], [r.p99_ms for r in runs], "o-", color=COLOURS[index], label=f"{rate:,} a minute"
        )
    right.axhline(OBJECTIVE_MS, color="#333", linewidth=1)
    right.set_yscale("log")
    right.set_xlabel("share of its time that a partition is busy (AWS)")
    right.set_ylabel("p99 to the push, ms")
    right.legend(fontsize=8)
    save(figure, folder / "capacity-queues.svg")
