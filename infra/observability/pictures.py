"""`python -m infra.observability.pictures BOARD FILE`: a board drawn from what a running Prometheus has, without Grafana."""

import argparse
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from infra.observability.boards import BOARDS
from infra.observability.panels import RANGE, Board, Panel, Unit

_COLUMNS = 3
_LINES_NAMED = 7
"""More in one legend would hide the lines."""


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition(": ")[2])
    parser.add_argument("board", choices=[board.name for board in BOARDS])
    parser.add_argument("file", help="PNG or SVG")
    parser.add_argument("--url", default="http://127.0.0.1:9090", help="of Prometheus (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=15.0, help="back from now (default: %(default)g)")
    asked = parser.parse_args(given)
    board = next(board for board in BOARDS if board.name == asked.board)
    draw(board, asked.url, asked.minutes * 60, asked.file)


def draw(board: Board, url: str, seconds: float, file: str) -> None:
    """Write the picture. Raises OSError where Prometheus does not answer."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    rows = -(-len(board.panels) // _COLUMNS)
    figure, all_axes = pyplot.subplots(rows, _COLUMNS, figsize=(16, 2.9 * rows), squeeze=False, layout="constrained")
    figure.suptitle(board.title, fontsize=15, weight="bold")
    axes = list(all_axes.flat)
    for axis, panel in zip(axes, board.panels, strict=False):
        _panel(axis, panel, url, seconds)
    for axis in axes[len(board.panels) :]:
        axis.axis("off")
    figure.savefig(file, dpi=80)
    pyplot.close(figure)


def _panel(axis: Any, panel: Panel, url: str, seconds: float) -> None:
    axis.set_title(f"{panel.title} ({_NAMES[panel.unit]})", fontsize=10, loc="left")
    found = [(query.legend, series) for query in panel.queries for series in _series(url, query.expr, seconds)]
    if panel.stat:
        _number(axis, panel, found)
        return
    now = time.time()
    for legend, series in found:
        points = [((float(at) - now) / 60, float(value)) for at, value in series["values"]]
        axis.plot(*zip(*points, strict=True), label=_filled(legend, series["metric"]), linewidth=1.3)
    axis.set_xlim(-seconds / 60, 0)
    if all(float(value) >= 0 for _, series in found for _, value in series["values"]):
        axis.set_ylim(bottom=0)
    axis.grid(alpha=0.3)
    axis.tick_params(labelsize=8)
    if found:
        handles, labels = axis.get_legend_handles_labels()
        axis.legend(handles[:_LINES_NAMED], labels[:_LINES_NAMED], fontsize=7, loc="upper left", framealpha=0.7)
    else:
        axis.text(0.5, 0.5, "no data", transform=axis.transAxes, ha="center", color="grey")


def _number(axis: Any, panel: Panel, found: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    axis.axis("off")
    values = [float(series["values"][-1][1]) for _, series in found]
    text, colour = "no data", "grey"
    if values:
        text = f"{values[0]:.2%}" if panel.unit is Unit.SHARE else f"{values[0]:.3g}"
        colour = "firebrick" if panel.bad_above is not None and values[0] > panel.bad_above else "seagreen"
    axis.text(0.5, 0.5, text, transform=axis.transAxes, ha="center", va="center", fontsize=30, color=colour)


def _series(url: str, expr: str, seconds: float) -> list[Mapping[str, Any]]:
    now, step = time.time(), max(1, round(seconds / 300))
    expr = expr.replace(RANGE, f"{max(15, 4 * step)}s")
    asked = urllib.parse.urlencode({"query": expr, "start": now - seconds, "end": now, "step": step})
    with urllib.request.urlopen(f"{url}/api/v1/query_range?{asked}", timeout=30) as answer:  # noqa: S310 - Prometheus
        return list(json.load(answer)["data"]["result"])


def _filled(legend: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: labels.get(found[1], ""), legend)


_NAMES: Mapping[Unit, str] = {
    Unit.PER_SECOND: "a second",
    Unit.SECONDS: "s",
    Unit.BYTES_PER_SECOND: "bytes a second",
    Unit.NUMBER: "number",
    Unit.SHARE: "share",
}

if __name__ == "__main__":
    main()
