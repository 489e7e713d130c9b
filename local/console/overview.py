"""What the first page shows: the state of everything, in one document."""

import asyncio
import time
from dataclasses import asdict
from typing import Any

from aiohttp import web

from local.captures.capture import FunctionStatistics
from local.captures.store import CaptureStore
from local.console.activity import Activity
from local.console.answers import Handler
from local.console.stack_view import StackView
from local.console.topic_state import TopicState

_SEED = 3000
_ERRORS = 6
_KAFKA_S = 0.5
_PAUSE_S = 10.0
"""After nobody has watched for so long, activity is counted from captures again."""

_NOTHING = FunctionStatistics(0, 0, 0, None, None, None, None, None)


class Overview:
    """`document` is called while somebody watches."""

    def __init__(self, stack: StackView, captures: CaptureStore, topics: TopicState, *, simulators: bool) -> None:
        """`simulators`: whether their pages are on this port too."""
        self._stack = stack
        self._captures = captures
        self._topics = topics
        self._simulators = simulators
        self._activity = Activity()
        self._looked_at = float("-inf")
        self._failures = -1
        self._errors: list[dict[str, Any]] = []
        self._asking: asyncio.Future[list[dict[str, Any]]] | None = None
        self._known: list[dict[str, Any]] = []

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("GET", "/api/stack", self.about)]

    async def about(self, _request: web.Request) -> Any:
        """What does not change: {stack_name, template, region, account_id, addresses, functions, ignored, simulators}."""
        application, status = self._stack.application, self._stack.status()
        return {
            "stack_name": application.stack_name,
            "template": str(application.template),
            "region": self._stack.endpoints.region,
            "account_id": self._stack.endpoints.account_id,
            "started_at": status["started_at"],
            "addresses": status["addresses"],
            "functions": {name: function.logical_id for name, function in application.functions.items()},
            "ignored": [asdict(ignored) for ignored in application.ignored],
            "simulators": self._simulators,
        }

    async def document(self) -> dict[str, Any]:
        """{stack, engines, functions, topics, mappings, connections, errors, dropped, kafka_error}."""
        now, statistics = time.time(), self._captures.statistics()
        if time.monotonic() - self._looked_at > _PAUSE_S:
            self._activity.begin(await self._captures.list(limit=_SEED), statistics)
        self._looked_at = time.monotonic()
        self._activity.advance(statistics, now)
        await self._refresh_errors(sum(one.errors + one.throttles for one in statistics.values()))
        status = self._stack.status()
        engines = [engine | {"rss_mb": _whole(engine["rss_mb"])} for engine in status["engines"]]
        return {
            "stack": {"pid": status["stack"]["pid"], "rss_mb": _whole(status["stack"]["rss_mb"])},
            "engines": engines,
            "functions": [self._function(one, statistics, now) for one in status["functions"]],
            "topics": await self._topics_known(),
            "kafka_error": self._topics.error,
            "mappings": status["mappings"],
            "connections": len(self._stack.connections()),
            "errors": self._errors,
            "dropped": self._captures.dropped,
        }

    async def _topics_known(self) -> list[dict[str, Any]]:
        """As they are, or as they were while Kafka takes its time to answer: the rest of the page goes on."""
        if self._asking is None:
            self._asking = asyncio.ensure_future(asyncio.to_thread(self._topics.summary))
        await asyncio.wait({self._asking}, timeout=_KAFKA_S)
        if self._asking.done():
            self._known, self._asking = self._asking.result(), None
        return self._known

    def _function(self, one: dict[str, Any], statistics: Any, now: float) -> dict[str, Any]:
        counted = asdict(statistics.get(one["name"], _NOTHING))
        known = {"name": one["name"], "logical_id": one["logical_id"], "environments": one["environments"]}
        return known | counted | {"bars": self._activity.bars(one["name"], now)}

    async def _refresh_errors(self, failures: int) -> None:
        """Read them only when there are more: the sum of all failures tells."""
        if failures != self._failures:
            found = await self._captures.list(errors=True, limit=_ERRORS)
            self._errors = [asdict(summary) for summary in found]
            self._failures = failures


def _whole(megabytes: float | None) -> int | None:
    return None if megabytes is None else round(megabytes)
