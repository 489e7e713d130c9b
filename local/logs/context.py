"""What a line is by the lines before it: whose invocation it is of, and whether it goes on an error's trace."""

from collections import defaultdict
from dataclasses import dataclass, replace

from local.logs.line import Line, parse

_TRACEBACK = "Traceback (most recent call last):"
_ENDS = frozenset({"END", "REPORT"})


@dataclass(slots=True)
class _Stream:
    time_ms: int | None = None
    level: str = ""
    request_id: str = ""
    in_trace: bool = False


class Context:
    """Of one log. Lines of one environment come in order; each has a stream of its own."""

    def __init__(self) -> None:
        self._streams: defaultdict[str, _Stream] = defaultdict(_Stream)

    def read(self, text: str, stream: str = "", time_ms: int | None = None) -> Line:
        """The line with what it takes over. `time_ms` is when it was written, where that is known."""
        line, state = parse(text), self._streams[stream]
        if line.platform == "START":
            state.request_id = line.request_id
        elif not line.request_id:
            line = replace(line, request_id=state.request_id)
        if _goes_on(text, line, state):
            line = replace(line, level=line.level or state.level, continues=True)
        else:
            state.level, state.in_trace = line.level, False
        if text.startswith(_TRACEBACK):
            state.in_trace = True
        state.time_ms = line.time_ms or time_ms or state.time_ms
        if line.platform in _ENDS:
            state.level = ""
            if line.platform == "REPORT":
                state.request_id = ""
        return replace(line, time_ms=state.time_ms)


def _goes_on(text: str, line: Line, state: _Stream) -> bool:
    """Indented lines go on; so does the last line of a trace, which names the error."""
    if line.platform or line.level or line.time_ms is not None or text.startswith("{"):
        return False
    if text.startswith((" ", "\t", "\N{NO-BREAK SPACE}", _TRACEBACK)):
        return True
    if state.in_trace:
        state.in_trace = False
        return True
    return False
