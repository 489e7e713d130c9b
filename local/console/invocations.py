"""The API of captured invocations: lists, one of them, replay."""

import json
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict
from typing import Any, get_args

from aiohttp import web

from local.captures.capture import CaptureSummary, Source
from local.captures.store import CaptureStore
from local.console.answers import ApiError, Handler, number_of, read_body
from local.console.log_lines import split_log
from local.console.stack_view import InvocationRefused, StackView

_PAGE = 200
_BATCH = 200


class Invocations:
    """Everything that ran, newest first."""

    def __init__(self, stack: StackView, captures: CaptureStore) -> None:
        self._stack = stack
        self._captures = captures

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/api/invocations", self.list),
            ("GET", "/api/invocations/{request_id}", self.get),
            ("POST", "/api/invocations/{request_id}/replay", self.replay),
        ]

    async def list(self, request: web.Request) -> Any:
        """{items, next, sources}: `?function= &source= &errors=1 &text= &before=<next> &limit=`, an item as CaptureSummary."""
        limit = max(1, number_of(request, "limit", 50, highest=_PAGE))
        found = await self._captures.list(
            function=request.query.get("function") or None,
            source=request.query.get("source") or None,
            errors=request.query.get("errors") == "1",
            text=request.query.get("text") or None,
            before=number_of(request, "before", 0, highest=2**63 - 1) or None,
            limit=limit,
        )
        more = found[-1].sequence if len(found) == limit else None
        return {"items": [asdict(one) for one in found], "next": more, "sources": list(get_args(Source))}

    async def get(self, request: web.Request) -> Any:
        """The summary with {event, response, log}: JSON as text, and lines."""
        request_id = request.match_info["request_id"]
        capture = await self._captures.get(request_id)
        if capture is None:
            raise ApiError(404, f"no invocation {request_id[:100]} is kept (any more)")
        return asdict(capture.summary) | {
            "event": capture.event.decode(errors="replace"),
            "response": capture.response.decode(errors="replace"),
            "log": list(split_log(capture.log)),
        }

    async def replay(self, request: web.Request) -> Any:
        """{event?: any JSON, instead of the captured one} -> the new answer, as `run` gives it."""
        request_id, body = request.match_info["request_id"], await read_body(request)
        capture = await self._captures.get(request_id)
        if capture is None:
            raise ApiError(404, f"no invocation {request_id[:100]} is kept (any more)")
        if "event" in body:
            return await run(self._stack, capture.summary.function, body["event"])
        return await run_raw(self._stack, capture.summary.function, capture.event)

    async def live(self, params: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        """Channel `invocations` {function?, source?, errors?}: lists of new ones, oldest first."""
        async for batch in self._captures.watch():
            wanted = [asdict(one) for one in batch if _matches(one, params)]
            if wanted:
                yield wanted[-_BATCH:]


def _matches(one: CaptureSummary, params: Mapping[str, Any]) -> bool:
    function, source = params.get("function"), params.get("source")
    if (function and one.function != function) or (source and one.source != source):
        return False
    return not params.get("errors") or one.outcome != "ok"


async def run(stack: StackView, name: str, event: Any) -> dict[str, Any]:
    """Invoke with an event that a person has written."""
    return await run_raw(stack, name, json.dumps(event, ensure_ascii=False).encode(errors="surrogatepass"))


async def run_raw(stack: StackView, name: str, event: bytes) -> dict[str, Any]:
    """{request_id, response, function_error, log, waited_ms}. Raises ApiError for what Lambda does not take."""
    began = time.perf_counter()
    try:
        answer = await stack.invoke(name, event)
    except InvocationRefused as refused:
        raise ApiError(409, str(refused)) from refused
    return {
        "request_id": answer.request_id,
        "response": answer.payload.decode(errors="replace"),
        "function_error": answer.function_error,
        "log": list(split_log(answer.log_tail)),
        "waited_ms": round((time.perf_counter() - began) * 1000, 2),
    }
