"""What the processes of a stack hold: memory, files, threads, by group."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psutil

MB = 1024 * 1024


@dataclass(slots=True)
class Held:
    """By one process, or the sum of several. MB and counts; PSS is each page divided by the processes that share it."""

    processes: int = 0
    rss: float = 0.0
    pss: float = 0.0
    private: float = 0.0
    fds: int = 0
    threads: int = 0

    def add(self, other: "Held") -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def held_by(pid: int) -> Held | None:
    """None for a process that has ended."""
    try:
        rollup = dict(_kilobytes(Path(f"/proc/{pid}/smaps_rollup").read_text()))
        threads = len(os.listdir(f"/proc/{pid}/task"))
        fds = len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return None
    if "Pss" not in rollup:
        return None  # a zombie has no memory
    private = rollup["Private_Clean"] + rollup["Private_Dirty"]
    return Held(1, rollup["Rss"] / 1024, rollup["Pss"] / 1024, private / 1024, fds, threads)


def _kilobytes(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines()[1:]:
        name, _, rest = line.partition(":")
        yield name, int(rest.split()[0])


def groups(stack_pid: int, status: dict[str, Any]) -> dict[str, Held]:
    """`stack`, `warm parents`, `environments` and each engine; with what else the stack has started under `other`."""
    engines = {engine["pid"]: engine["name"] for engine in status["engines"]}
    environments = {pid for function in status["functions"] for pid in function["pids"]}
    found = {name: Held() for name in ("stack", "warm parents", "environments", *engines.values(), "other")}
    try:
        children = psutil.Process(stack_pid).children(recursive=True)
    except psutil.Error:
        children = []
    for pid, command in [(stack_pid, ""), *((child.pid, _command(child)) for child in children)]:
        held = held_by(pid)
        if held is None:
            continue
        if pid == stack_pid:
            found["stack"].add(held)
        elif pid in environments:
            found["environments"].add(held)
        elif pid in engines:
            found[engines[pid]].add(held)
        else:
            found["warm parents" if "lambda_service.zygote" in command else "other"].add(held)
    return found


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def folder_mb(folder: Path) -> float:
    """Size of the files in a folder, MB."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(place, name)).st_size
            except OSError:
                continue
    return total / MB
