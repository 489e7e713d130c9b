"""How much memory an environment holds, as its cgroup on Lambda would count it: all its processes."""

import os
from pathlib import Path

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


def used_kb(pid: int) -> int:
    """Resident memory of a process, and what its descendants hold for themselves. 0 for one that has gone."""
    own = resident_kb(pid)
    return own + sum(private_kb(child) for child in descendants(pid))


def resident_kb(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE_KB
    except (OSError, IndexError):
        return 0


def private_kb(pid: int) -> int:
    """What it shares with the process that forked it is counted there already."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(b"Private_"))


def descendants(pid: int, *, deep: bool = True) -> list[int]:
    """Children of a process and, with `deep`, theirs; none where the kernel does not tell."""
    found: list[int] = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return found
    for task in tasks:
        try:
            with open(f"/proc/{pid}/task/{task}/children", "rb") as file:
                children = [int(child) for child in file.read().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *(descendants(child) if deep else [])]
    return found
