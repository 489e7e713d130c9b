"""What can be seen of a running stack: made in the stack, read by `scripts/status`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from local.control import ask
from local.engines.watch import EngineWatch
from local.start_error import StartError

Status = Mapping[str, Any]


def process_status(pid: int | None) -> dict[str, Any]:
    """{"pid", "rss_mb"} of a process; None for what is not known."""
    try:
        rss = psutil.Process(pid).memory_info().rss if pid else None
    except psutil.Error:
        rss = None
    return {"pid": pid, "rss_mb": None if rss is None else round(rss / 2**20, 1)}


def engine_status(watch: EngineWatch) -> dict[str, Any]:
    """{"name", "product", "address", "state", "pid", "rss_mb"}; the states are those of `EngineWatch`."""
    engine = watch.engine
    known = {"name": engine.name, "product": engine.product, "address": engine.address, "state": watch.state}
    return known | process_status(engine.pid)


async def read_status(data: Path) -> Status | None:
    """The status of the stack of a data folder; None when none answers."""
    try:
        status: Status = await ask(data, "status")
    except StartError:
        return None
    return status
