"""The figures as a table, with the budgets of docs/benchmarks.md beside them."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.realtime.fan_out import FanOut
from tests.benchmarks.sends import percentile

EACH_KB, FAN_OUT_P99_MS, FAN_OUT_SOCKETS = 30, 200, 1_000
"""Budgets, of the stack: memory at any number, the fan-out with up to so many open (design: section 11)."""


@dataclass(frozen=True, slots=True)
class Heartbeats:
    """Of 1,000 sockets."""

    seconds: Sequence[float]
    """Ascending: from asking to each answer."""
    refused: int
    unanswered: int
    processor_s: float
    """Of all who have a part in it, for each."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one server with so many sockets."""

    name: str
    sockets: int
    connect_s: float
    """Of each socket, when many connect side by side."""
    connect_processor_s: float
    refused: Mapping[str, int]
    server_kb: float
    """Of each socket: PSS of the process that holds them."""
    clients_kb: float
    idle_percent: float
    one_by_one: FanOut
    streamed: FanOut
    to_user: FanOut
    heartbeats: Heartbeats | None
    lost_sockets: int

    @property
    def is_met(self) -> bool:
        p99 = percentile(self.one_by_one.seconds, 0.99) * 1000
        is_fast = p99 <= FAN_OUT_P99_MS or self.sockets > FAN_OUT_SOCKETS
        return self.server_kb <= EACH_KB and is_fast and self.is_clean

    @property
    def is_clean(self) -> bool:
        return self.streamed.account.is_clean and not self.lost_sockets


def machine(load_before: Sequence[float]) -> str:
    """What it was measured on."""
    load = f"{load_before[0]:.1f} before, {os.getloadavg()[0]:.1f} at the end"
    return f"{os.cpu_count()} cores ({_processor()}), load {load}"


def table(figures: Sequence[Figures], rate: float) -> tuple[list[str], bool]:
    """Lines, and whether the stack keeps the budgets."""
    rows: list[tuple[str, str, Callable[[Figures], str]]] = [
        ("sockets", "", lambda f: f"{f.sockets}"),
        ("connects a second", "", lambda f: f"{1 / f.connect_s:.0f}"),
        ("  handshakes refused, which came again", "", lambda f: _refused(f.refused)),
        ("  processor of all for each, ms", "", lambda f: f"{f.connect_processor_s * 1000:.1f}"),
        ("memory of each, KB (PSS)", f"<= {EACH_KB}", lambda f: f"{f.server_kb:.1f}"),
        ("  of the client's end", "", lambda f: f"{f.clients_kb:.1f}"),
        ("processor when idle, % of a core", "", lambda f: f"{f.idle_percent:.1f}"),
        ("a message to 100 of a group, p50 / p99 ms", f"<= {FAN_OUT_P99_MS} (p99)", lambda f: _times(f.one_by_one)),
        ("  processor of all for each message, ms", "", lambda f: _processor_ms(f.one_by_one)),
        (f"{rate:g} a second into it, p50 / p99 ms", "", lambda f: _times(f.streamed)),
        ("  lost / out of order", "0 / 0", lambda f: _account(f.streamed)),
        ("  came once more / connections closed", "", lambda f: f"{f.streamed.account.again} / {f.streamed.closed}"),
        ("  processor of all for each message, ms", "", lambda f: _processor_ms(f.streamed)),
        ("a message to 100 sockets of one user, p50 / p99 ms", "", lambda f: _times(f.to_user)),
        ("heartbeats of 1,000, p50 / p99 ms", "", lambda f: _times(f.heartbeats) if f.heartbeats else "-"),
        ("  refused / unanswered", "0 / 0", lambda f: _answers(f.heartbeats) if f.heartbeats else "-"),
        ("  processor of all for each, ms", "", lambda f: _processor_ms(f.heartbeats) if f.heartbeats else "-"),
        ("sockets that were lost", "0", lambda f: f"{f.lost_sockets}"),
    ]
    head = f"{'':<52} {'budget':>12}" + "".join(f"{one.name:>20}" for one in figures)
    lines = [head] + [
        f"{what:<52} {budget:>12}" + "".join(f"{of(f):>20}" for f in figures) for what, budget, of in rows
    ]
    ours = [one for one in figures if one.name == figures[0].name]
    met = all(one.is_met for one in ours)
    return [*lines, "budgets of the stack: " + ("ok" if met else "NOT MET")], met


def _times(found: FanOut | Heartbeats) -> str:
    if not found.seconds:
        return "none arrived"
    return " / ".join(f"{percentile(found.seconds, share) * 1000:.1f}" for share in (0.5, 0.99))


def _account(fan_out: FanOut) -> str:
    return f"{fan_out.account.lost} / {fan_out.account.out_of_order}"


def _answers(found: Heartbeats) -> str:
    return f"{found.refused} / {found.unanswered}"


def _processor_ms(found: FanOut | Heartbeats) -> str:
    return f"{found.processor_s * 1000:.1f}"


def _refused(refused: Mapping[str, int]) -> str:
    return ", ".join(f"{times} x {why}" for why, times in refused.items()) or "none"


def _processor() -> str:
    """Its name, as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "of unknown make"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "of unknown make"
