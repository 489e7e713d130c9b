"""A fault rule: what is to fail, how, how often and for how long."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Target = Literal["function", "route", "engine"]
Kind = Literal["latency", "error", "throttle", "pause", "kill", "via"]

KINDS: Mapping[str, tuple[str, ...]] = {
    "function": ("latency", "error", "throttle", "pause", "kill"),
    "route": ("latency", "error", "throttle"),
    "engine": ("latency", "error", "throttle", "via", "pause", "kill"),
}
"""What can happen to each target."""
STOPS = ("pause", "kill")
"""Done to a process: an engine's once, when asked; an environment's when one of its invocations meets the rule. All that Kafka
can have: it is called directly, by its own protocol."""
_NEEDS_SECONDS = ("latency", "pause")
_LONGEST_S = 3600.0
_MOMENT_S = 0.05
_STEP = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*:(before|after)")


class InvalidFault(ValueError):
    """A rule that cannot be; the text says what is wrong and what there is."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    target: Target
    name: str
    """Name of the function, route key (`POST /v1/pets`, `$connect`), or engine."""
    kind: Kind
    seconds: float = 0.0
    """Of latency or pause."""
    share: float = 1.0
    """Of what passes: 0 to 1."""
    count: int | None = None
    """How often at most; None: always."""
    for_s: float | None = None
    """How long the rule holds; None: until it is cleared."""
    at: str | None = None
    """Of a function's pause or kill: the step `module:name:before|after`; None: a random moment of an invocation."""
    within_s: float = _MOMENT_S
    """How long after an invocation's begin that moment is at most."""
    url: str = ""
    """Where functions find an engine that they reach `via` something: a proxy in front of it."""

    @property
    def at_once(self) -> bool:
        """Done when it is added, and over."""
        return self.target == "engine" and self.kind in STOPS

    def __str__(self) -> str:
        text = f"{self.target} {self.name}: {self.kind}"
        if self.kind in _NEEDS_SECONDS:
            text += f" {self.seconds:g} s"
        if self.target == "function" and self.kind in STOPS:
            text += f" at {self.at}" if self.at else f" within {self.within_s:g} s of the invocation's begin"
        if self.kind == "via":
            text += f" {self.url}"
        if self.share < 1:
            text += f", {self.share:.0%} of all"
        if self.count is not None:
            text += f", at most {self.count} times"
        return text + (f", for {self.for_s:g} s" if self.for_s is not None else "")


def parse_rule(given: Mapping[str, Any]) -> FaultRule:
    """A rule of JSON: {"target", "name", "kind", "seconds"?, "share"?, "count"?, "for_s"?, "at"?, "within_s"?, "url"?}.

    Raises InvalidFault.
    """
    target: Any = given.get("target")
    name, kind = given.get("name"), given.get("kind")
    if target not in KINDS:
        raise InvalidFault(f"A fault is of a {', '.join(KINDS)}, not of {target!r}.")
    if not isinstance(name, str) or not name:
        raise InvalidFault(f"Which {target} is meant?")
    allowed = STOPS if target == "engine" and name.startswith("kafka") else KINDS[target]
    if kind not in allowed:
        raise InvalidFault(f"The {target} {name} can have: {', '.join(allowed)}; not {kind!r}.")
    seconds = _number(given, "seconds", 0.0, 0.0, _LONGEST_S)
    if (kind in _NEEDS_SECONDS) != (seconds > 0):
        raise InvalidFault(f"{kind} {'needs' if kind in _NEEDS_SECONDS else 'has no'} seconds.")
    count, for_s = given.get("count"), given.get("for_s")
    rule = FaultRule(
        target,
        name,
        kind,
        seconds,
        _number(given, "share", 1.0, 0.0, 1.0),
        None if count is None else int(_number(given, "count", 1, 1, 1e9)),
        None if for_s is None else _number(given, "for_s", 1, 0.001, 86400.0),
        _step(given.get("at")),
        _number(given, "within_s", _MOMENT_S, 0.0, _LONGEST_S),
        _url(given),
    )
    _check_moment(rule, given)
    if rule.share == 0:
        raise InvalidFault("A share of 0 is no fault.")
    if rule.kind == "via" and (rule.share < 1 or count is not None):
        raise InvalidFault("All requests go via a URL, or none: no share and no count.")
    if rule.at_once and (rule.share < 1 or count is not None or for_s is not None):
        raise InvalidFault(f"{kind} happens once, at once: it has no share, count or duration.")
    return rule


def _check_moment(rule: FaultRule, given: Mapping[str, Any]) -> None:
    moments = [name for name in ("at", "within_s") if given.get(name) is not None]
    if moments and not (rule.target == "function" and rule.kind in STOPS):
        raise InvalidFault(f"{moments[0]} is for the pause or kill of a function.")
    if len(moments) > 1:
        raise InvalidFault("at and within_s exclude one another.")


def _url(given: Mapping[str, Any]) -> str:
    url = given.get("url")
    if (given["kind"] == "via") != (url is not None):
        raise InvalidFault("A url is what an engine is reached via, and via needs one.")
    if url is not None and not (isinstance(url, str) and url.startswith("http://")):
        raise InvalidFault(f"{url!r} is no URL: it starts with http://")
    return url or ""


def _step(given: Any) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not _STEP.fullmatch(given):
        raise InvalidFault(f"A step is module:name:before or module:name:after, not {given!r}.")
    return given


def _number(given: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = given.get(name, default)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InvalidFault(f"{name} is a number, not {value!r}.")
    if not least <= value <= most:
        raise InvalidFault(f"{name} is {least:g} to {most:g}, not {value:g}.")
    return value
