"""Which route of an HTTP API a request takes (Developer Guide, "Create routes for HTTP APIs")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from local.application import HttpRoute

DEFAULT = "$default"

_STATIC, _VARIABLE, _GREEDY = range(3)


@dataclass(frozen=True, slots=True)
class Match:
    route: HttpRoute
    path_parameters: Mapping[str, str]
    """Percent-decoded."""


@dataclass(frozen=True, slots=True)
class _Segment:
    kind: int
    text: str
    """What must stand there, or the variable's name."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    route: HttpRoute
    method: str
    segments: tuple[_Segment, ...]

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(segment.text for segment in self.segments)

    @property
    def is_exact(self) -> bool:
        return all(segment.kind == _STATIC for segment in self.segments)

    @property
    def rank(self) -> tuple[tuple[int, ...], bool]:
        return tuple(segment.kind for segment in self.segments), self.method == "ANY"


class RouteTable:
    """The routes of one API, most specific first: exact path, path variable, greedy variable, `$default`.

    Of two routes with the same path, the one that names the method goes before `ANY`.
    """

    def __init__(self, routes: Iterable[HttpRoute]) -> None:
        routes = tuple(routes)
        self._default = next((route for route in routes if route.route_key == DEFAULT), None)
        parsed = [_parse(route) for route in routes if route.route_key != DEFAULT]
        self._exact = {(one.method, one.path): one.route for one in parsed if one.is_exact}
        """An exact path ranks above all others, so that one look finds it."""
        self._candidates = sorted((one for one in parsed if not one.is_exact), key=lambda candidate: candidate.rank)

    def match(self, method: str, path: str) -> Match | None:
        """Find the route. `path` starts with `/`, without the stage and still percent-encoded; None is a 404."""
        parts = path.split("/")[1:]
        if "%" in path:
            parts = [unquote(part) for part in parts]
        exact = self._exact.get((method, tuple(parts))) or self._exact.get(("ANY", tuple(parts)))
        if exact is not None:
            return Match(exact, {})
        for candidate in self._candidates:
            if candidate.method in (method, "ANY"):
                variables = _bind(candidate.segments, parts)
                if variables is not None:
                    return Match(candidate.route, variables)
        return Match(self._default, {}) if self._default else None


def _parse(route: HttpRoute) -> _Candidate:
    method, _, path = route.route_key.partition(" ")
    if not method or not path.startswith("/"):
        raise ValueError(f"route key {route.route_key!r} is neither `$default` nor `METHOD /path`")
    return _Candidate(route, method, tuple(_segment(part) for part in path.split("/")[1:]))


def _segment(part: str) -> _Segment:
    if part.startswith("{") and part.endswith("+}"):
        return _Segment(_GREEDY, part[1:-2])
    if part.startswith("{") and part.endswith("}"):
        return _Segment(_VARIABLE, part[1:-1])
    return _Segment(_STATIC, part)


def _bind(segments: tuple[_Segment, ...], parts: list[str]) -> dict[str, str] | None:
    """Variables of the path, or None when it does not fit. A variable never stands for nothing."""
    greedy = bool(segments) and segments[-1].kind == _GREEDY
    if len(parts) < len(segments) or (len(parts) > len(segments) and not greedy):
        return None
    variables: dict[str, str] = {}
    for index, segment in enumerate(segments):
        value = "/".join(parts[index:]) if segment.kind == _GREEDY else parts[index]
        if segment.kind == _STATIC:
            if value != segment.text:
                return None
        elif not value:
            return None
        else:
            variables[segment.text] = value
    return variables
