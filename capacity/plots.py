"""Pictures of the document, as SVG that is the same for the same figures."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from capacity import quotas
from capacity.scales import PER_MINUTE, Scale

COLOURS = ("#4269d0", "#efb118", "#3ca951", "#ff725c", "#6cc5b0", "#97bbf5", "#9c6b4e", "#a463f2", "#9498a0", "#ff8ab7")


def limits(scales: Sequence[Scale], file: Path) -> None:
    """Each quota at each rate, as the repository stands and with all changes."""
    today = [scale for scale in scales if scale.design.name == "today"]
    own = [scale for scale in scales if scale.design.name == "own WebSockets"]
    names = [load.quota for load in today[-1].loads if load.quota is not quotas.BROKERS][::-1]
    figure, axes = plt.subplots(figsize=(9, 4.6), layout="constrained")
    for index, (before, after) in enumerate(zip(today, own, strict=True)):
        for row, quota in enumerate(names):
            first, last = (next(load.ratio for load in s.loads if load.quota is quota) for s in (before, after))
            height = row + (index - 1) * 0.24
            axes.plot([max(last, 1e-3), max(first, 1e-3)], [height, height], color=COLOURS[index], linewidth=1)
            axes.plot(max(first, 1e-3), height, "o", color=COLOURS[index], label=_label(before, row))
            axes.plot(max(last, 1e-3), height, "o", color=COLOURS[index], markerfacecolor="white")
    axes.axvline(1, color="#333", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(names)), [quota.name for quota in names], fontsize=8)
    axes.set_xlabel(
        "times the default quota: filled as it stands, empty with all changes; right of the line it does not suffice"
    )
    axes.legend(loc="lower right", fontsize=8)
    save(figure, file)


def cost(scales: Sequence[Scale], file: Path) -> None:
    """Dollars a million messages, by part of the bill."""
    figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
    parts = ["API Gateway", "Lambda", "DynamoDB", "MSK", "Containers", "Egress", "Logs", "S3"]
    names = [f"{scale.per_minute:,}\n{scale.design.name}" for scale in scales]
    bottom = [0.0] * len(scales)
    for part, colour in zip(parts, COLOURS, strict=False):
        heights = [
            sum(line.usd for line in scale.bill if line.what.startswith(part)) / scale.month_usd * scale.million_usd
            for scale in scales
        ]
        axes.bar(names, heights, bottom=bottom, color=colour, label=part)
        bottom = [b + h for b, h in zip(bottom, heights, strict=True)]
    axes.set_ylabel("dollars a million messages")
    axes.tick_params(axis="x", labelsize=7)
    axes.legend(fontsize=8)
    save(figure, file)


def save(figure: Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "chat4all", "svg.fonttype": "none"}):
        figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _label(scale: Scale, row: int) -> str | None:
    assert scale.per_minute in PER_MINUTE
    return f"{scale.per_minute:,} messages a minute" if row == 0 else None
