"""The same boards as dashboards of CloudWatch, in a template of their own: infra/dashboards.yaml.

What functions emit is in the namespace Chat4All, by stage and labels (chat4all.metrics.emission); what the platform measures
has CloudWatch's own names. Counters are added up by Metrics Insights queries, percentiles and states searched (CloudWatch User
Guide, "Query your CloudWatch metrics with Metrics Insights", "Search expression syntax"), so new functions show at once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from chat4all.metrics.metric import COUNTER, HISTOGRAM, Metric
from infra.observability.metrics import emitted_by_functions
from infra.observability.panels import Board, Panel, Shown

_LAMBDA, _GATEWAY = "{AWS/Lambda,FunctionName}", "{AWS/ApiGateway,ApiId,Stage}"
_PLATFORM: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "aws_lambda_invocations_total": (_LAMBDA, "Invocations", ("Sum",)),
    "aws_lambda_errors_total": (_LAMBDA, "Errors", ("Sum",)),
    "aws_lambda_throttles_total": (_LAMBDA, "Throttles", ("Sum",)),
    "aws_lambda_duration_seconds": (_LAMBDA, "Duration", ("p50", "p99")),
    "aws_lambda_environments": (_LAMBDA, "ConcurrentExecutions", ("Maximum",)),
    "aws_apigateway_requests_total": (_GATEWAY, "Count", ("Sum",)),
    "aws_apigateway_request_seconds": (_GATEWAY, "Latency", ("p50", "p99")),
    "kafka_consumer_lag": ("{AWS/Kafka,Cluster Name,Consumer Group,Topic}", "SumOffsetLag", ("Maximum",)),
}
"""Dimensions, name and statistics in CloudWatch; what is not here, CloudWatch does not have."""
_PERIOD_S = 60
_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3


def template(boards: Sequence[Board]) -> str:
    """A CloudFormation template with a dashboard for each board of which CloudWatch has anything."""
    resources = {}
    for board in boards:
        if widgets := list(_widgets(board)):
            body = json.dumps({"widgets": widgets}, separators=(",", ":"))
            name = {"Fn::Sub": f"chat4all-${{StageName}}-{board.name}"}
            resources[f"{board.name.title()}Dashboard"] = {
                "Type": "AWS::CloudWatch::Dashboard",
                "Properties": {"DashboardName": name, "DashboardBody": {"Fn::Sub": body}},
            }
    content = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Chat4All: dashboards of CloudWatch",
        "Parameters": {
            "StageName": {
                "Type": "String",
                "Default": "dev",
                "AllowedPattern": "[a-zA-Z0-9-]{1,32}",
                "Description": "The parameter Stage of the stack that is looked at",
            }
        },
        "Resources": resources,
    }
    return yaml.safe_dump(content, sort_keys=False, width=10_000)


def _widgets(board: Board) -> Iterator[dict[str, Any]]:
    panels = [(panel, metrics) for panel in board.panels if (metrics := list(_metrics(panel)))]
    for number, (panel, metrics) in enumerate(panels):
        yield {
            "type": "metric",
            "x": number % _COLUMNS * _WIDTH,
            "y": number // _COLUMNS * _HEIGHT,
            "width": _WIDTH,
            "height": _HEIGHT,
            "properties": {
                "title": panel.title,
                "region": "${AWS::Region}",
                "view": "timeSeries",
                "stacked": False,
                "period": _PERIOD_S,
                "metrics": metrics,
            },
        }


def _metrics(panel: Panel) -> Iterator[list[Any]]:
    for shown in panel.shown:
        if _can_be_added(shown):
            yield [{"expression": _added(shown), "period": _PERIOD_S}]
            continue
        for statistic, search in _searches(shown):
            yield [{"expression": f"SEARCH('{search}', '{statistic}', {_PERIOD_S})", "label": statistic}]


def _can_be_added(shown: Shown) -> bool:
    metric = shown.metric
    return metric.kind == COUNTER and metric.name in emitted_by_functions() and bool(shown.by) and not shown.where


def _added(shown: Shown) -> str:
    schema = ", ".join(('"Chat4All"', "Stage", *shown.metric.labels))
    wanted = f'SELECT SUM("{shown.metric.name}") FROM SCHEMA({schema})'  # noqa: S608 - names of our own list
    return f"{wanted} WHERE Stage = '${{StageName}}' GROUP BY {', '.join(shown.by)}"


def _searches(shown: Shown) -> Iterator[tuple[str, str]]:
    metric = shown.metric
    if metric.name in _PLATFORM:
        dimensions, name, statistics = _PLATFORM[metric.name]
        stage = ' Stage="$default"' if dimensions == _GATEWAY else ""
    elif metric.name in emitted_by_functions():
        # By all labels, or by none: there is no other sum of them in CloudWatch.
        labels = metric.labels if shown.by or shown.where else ()
        dimensions, name = "{" + ",".join(("Chat4All", "Stage", *labels)) + "}", metric.name
        statistics, stage = _statistics(metric), ' Stage="${StageName}"'
    else:
        return
    chosen = "".join(f" {label}=({_alternatives(value)})" for label, value in (shown.where or {}).items())
    for statistic in statistics:
        yield statistic, f'{dimensions} MetricName="{name}"{stage}{chosen if metric.name not in _PLATFORM else ""}'


def _statistics(metric: Metric) -> tuple[str, ...]:
    if metric.kind == HISTOGRAM:
        return ("p50", "p99")
    return ("Sum",) if metric.kind == COUNTER else ("Maximum",)


def _alternatives(value: str) -> str:
    return " OR ".join(f'"{word}"' for word in value.split("|"))
