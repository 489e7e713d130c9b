"""The one stack that runs on a data folder: its lock, its record, and how others find and end it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from local.data_folder import usable
from local.endpoints import Endpoints
from local.start_error import StartError

_CLOCK_STEP_S = 2.0
"""Start times of one process may differ so much when the wall clock is corrected."""


@dataclass(frozen=True, slots=True)
class Running:
    """A stack that runs, or is starting."""

    pid: int
    started_at: float
    """Start time of the process, seconds since the epoch: with the pid it names one process for ever."""
    endpoints: Endpoints | None
    """None until it is ready."""
    ready_at: float = 0.0
    """When it last became ready; later for one that has started again on a snapshot."""


@contextmanager
def only_stack(data: Path) -> Iterator[None]:
    """Hold the data folder for this process. Raises StartError when another stack has it, or it cannot be used.

    The kernel frees the lock with the process, so a killed stack never blocks the next.
    """
    with usable(data):
        data.mkdir(parents=True, mode=0o700, exist_ok=True)  # it holds secrets of those who use what runs
        # Opened for appending: the content tells whose it is, and must stay when the lock is not had.
        file = (data / "lock").open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = find_running(data)
            who = f" (pid {found.pid})" if found else ""
            raise StartError(
                f"The stack on {data} runs already{who}: scripts/status shows it, scripts/stop ends it, "
                "and --data with another folder runs a second one."
            ) from None
        (data / "stack.json").unlink(missing_ok=True)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "started_at": psutil.Process().create_time()}))
        file.flush()
        yield


def write_record(data: Path, endpoints: Endpoints) -> None:
    """Say in `stack.json` that the stack is ready: {"pid", "started_at", "endpoints", "ready_at"}, whole or not at all."""
    begun = psutil.Process().create_time()
    record = {"pid": os.getpid(), "started_at": begun, "endpoints": asdict(endpoints), "ready_at": time.time()}
    partial = data / "stack.json.partial"
    partial.write_text(json.dumps(record, indent=2), "utf-8")
    partial.replace(data / "stack.json")


def remove_record(data: Path) -> None:
    (data / "stack.json").unlink(missing_ok=True)


def find_running(data: Path) -> Running | None:
    """The stack that runs on a data folder, ready or still starting; None when there is none."""
    for name in ("stack.json", "lock"):
        try:
            record = json.loads((data / name).read_text("utf-8"))
            process = psutil.Process(record["pid"])
            if abs(process.create_time() - record["started_at"]) > _CLOCK_STEP_S:
                continue
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            endpoints = record.get("endpoints")
            known = Endpoints(**endpoints) if endpoints else None
            return Running(record["pid"], record["started_at"], known, record.get("ready_at", 0.0))
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            continue
    return None


def ready_endpoints(data: Path) -> Endpoints:
    """Where the stack of a data folder answers. Raises StartError when none runs there, or it is not ready."""
    found = find_running(data)
    if found is None:
        raise StartError(f"The stack on {data} is not running: start it with scripts/run.")
    if found.endpoints is None:
        raise StartError(f"The stack on {data} is still starting (pid {found.pid}): try again when it is ready.")
    return found.endpoints


def end(found: Running, graceful_s: float) -> bool:
    """SIGTERM, and SIGKILL when that takes longer than `graceful_s`. Whether it ended by itself."""
    try:
        process = psutil.Process(found.pid)
        if abs(process.create_time() - found.started_at) > _CLOCK_STEP_S:
            return True
        process.terminate()
        deadline = time.monotonic() + graceful_s
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                process.kill()
                return False
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        pass
    return True
