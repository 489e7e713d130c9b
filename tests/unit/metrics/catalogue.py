"""The list of metrics with every value that its labels may have, and docs/metrics.md, which is written from it."""

from collections.abc import Callable, Sequence
from functools import cache
from math import prod
from pathlib import Path

from chat4all.kafka.topics import Topic, label_of
from chat4all.metrics.labels import LABELS, values_of
from chat4all.metrics.metric import Metric
from chat4all.metrics.metric_list import ALL
from chat4all.metrics.platform_list import PLATFORM
from edge.contract import methods
from tests.template_file import functions, template

PAGE = Path(__file__).resolve().parents[3] / "docs/metrics.md"
CLOUDWATCH_MAX, METRIC_MAX = 4_000, 1_500
"""Of metrics on CloudWatch, were every combination of labels to occur: of all together, and of one."""
_OF_THE_METHOD = ("grpc_service", "grpc_type")
"""Labels that say nothing which another does not."""


@cache
def _sources() -> dict[str, tuple[str, ...]]:
    described = template()
    handlers = functions(described)
    events = {name: [event["Type"] for event in one.get("Events", {}).values()] for name, one in handlers.items()}
    consumers = tuple(name for name, types in events.items() if "MSK" in types)
    tables = [
        one["Properties"]["TableName"].removeprefix("${AWS::StackName}-")
        for one in described["Resources"].values()
        if one["Type"] == "AWS::DynamoDB::Table"
    ]
    topics = [label_of(topic) for topic in Topic]
    own = list(methods())
    return {
        "function": tuple(handlers),
        "consumer": consumers,
        "topic": (*topics, *(f"{topic}.dead_letter" for topic in topics)),
        "table": (*tables, "several"),
        "grpc_service": tuple(sorted({method.service for method in own})),
        "grpc_method": tuple(method.name for method in own),
        "group": consumers,
        "partition": tuple(map(str, range(int(described["Parameters"]["KafkaPartitions"]["Default"])))),
        "engine": ("kafka", "dynamodb", "s3"),
    }


def values(metric: Metric, label: str) -> Sequence[str]:
    """All that a label of a metric may be."""
    return values_of(metric.name, label) or _sources()[label]


def cloudwatch_metrics(metric: Metric) -> int:
    """How many it is there at most: each combination of its labels, and once more the stage alone."""
    combinations = prod(len(values(metric, label)) for label in metric.labels if label not in _OF_THE_METHOD)
    return combinations + (1 if metric.labels else 0)


def page() -> str:
    """The text of docs/metrics.md."""
    head = PAGE.read_text().split(_BEGIN)[0] if PAGE.exists() else ""
    total = sum(map(cloudwatch_metrics, ALL))
    parts = [
        head + _BEGIN,
        "## What functions and the gRPC edge emit\n",
        _table(ALL, lambda metric: (f"{cloudwatch_metrics(metric):,}", metric.emitted_by), ("at most", "emitted by")),
        f"Together at most {total:,} metrics on CloudWatch: `at most` counts every combination of labels, and the stage alone.\n",
        "## What the platform measures\n",
        "On AWS these are CloudWatch's own; the local stack has them on `/metrics`. Here `function` is the name of the deployed "
        "function, and `topic` the whole name of a topic.\n",
        _table(PLATFORM, lambda metric: (metric.on_aws,), ("on AWS",)),
        "## Labels\n",
        _labels(),
    ]
    return "\n".join(parts)


_BEGIN = "<!-- From here on written by scripts/write-metrics. -->\n"


def _table(metrics: Sequence[Metric], more: Callable[[Metric], tuple[str, ...]], heads: tuple[str, ...]) -> str:
    lines = [
        f"| metric | kind, unit | labels | meaning | {' | '.join(heads)} |",
        "|---|---|---|---|" + "---|" * len(heads),
    ]
    for metric in metrics:
        unit = metric.kind if metric.unit in ("None", "Count") else f"{metric.kind}, {metric.unit.lower()}"
        shown = ", ".join(f"`{label}`" for label in metric.labels) or "-"
        lines.append(f"| `{metric.name}` | {unit} | {shown} | {metric.meaning} | {' | '.join(more(metric))} |")
    return "\n".join(lines) + "\n"


def _labels() -> str:
    """One line a label; two where some metrics have values of their own for it."""
    lines = ["| label | of | meaning | values |", "|---|---|---|---|"]
    for name, label in LABELS.items():
        having = [metric for metric in (*ALL, *PLATFORM) if name in metric.labels]
        by_values: dict[tuple[str, ...], list[str]] = {}
        for metric in having:
            by_values.setdefault(tuple(values(metric, name)), []).append(f"`{metric.name}`")
        for words, metrics in by_values.items():
            of = ", ".join(metrics) if len(by_values) > 1 else "all that have it"
            shown = f"{len(words)}: {label.source}" if label.source else ", ".join(f"`{word}`" for word in words)
            lines.append(f"| `{name}` | {of} | {label.meaning} | {shown} |")
    return "\n".join(lines) + "\n"
