"""The page of metrics of a running stack: which facts it shows, and where they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from local.captures.store import CaptureStore
from local.console import StackView
from local.console.kafka_reader import KafkaReader
from local.http_api.server import HttpApiServer
from local.metrics.buckets import Buckets
from local.metrics.log_reader import LogReader
from local.metrics.page import MetricsPage, groups_of
from local.metrics.platform import Facts, FunctionFacts


def metrics_page(
    stack: StackView, captures: CaptureStore, http_apis: Sequence[HttpApiServer], companions: Mapping[str, Path]
) -> MetricsPage:
    """`companions`: the logs of other processes of the application."""
    application, mappings = stack.application, stack.application.kafka_mappings
    reader = KafkaReader(stack.endpoints.kafka_bootstrap_servers, stack.kafka_security) if mappings else None
    logs = LogReader(stack.function_logs, list(application.functions), companions)

    def facts() -> Facts:
        answers: dict[tuple[str, str], Buckets] = {}
        for server in http_apis:
            for status, one in server.answers.items():
                answers.setdefault(("http", status), Buckets()).include(one)
        functions = _functions(captures, list(application.functions))
        return Facts(stack.status(), functions, answers, len(stack.connections()))

    return MetricsPage(logs, reader, groups_of(mappings), facts)


def _functions(captures: CaptureStore, names: Sequence[str]) -> dict[str, FunctionFacts]:
    """All of them, those that were never invoked with 0."""
    timings = captures.timings()
    found = {}
    for name in names:
        counted = captures.statistics_of(name)
        durations, inits = timings.get(name) or (Buckets(), Buckets())
        found[name] = FunctionFacts(counted.invocations, counted.errors, counted.throttles, durations, inits)
    return found
