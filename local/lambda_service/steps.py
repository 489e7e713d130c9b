"""Named steps of a function at which its environment is killed or stopped, to see what a death there leaves.

A step is `module:name:before` or `module:name:after`: around the call of a function or method, whoever makes it. What is
there is wrapped in the environment when its handler has been imported, so a function without steps pays nothing.
A callable that another module has imported by name keeps its own name there: the step is that module's.
"""

import functools
import importlib
import inspect
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

_CHANCE = random.SystemRandom()  # forks of one parent would draw alike


@dataclass(frozen=True, slots=True)
class Step:
    """What is to happen at a step, and how often in all environments together."""

    rule: str
    at: str
    kind: Literal["kill", "pause"]
    seconds: float
    share: float
    count: int | None
    until: float | None
    """Of the machine's monotonic clock."""
    folder: str
    """Where each time is written down, as `<rule>.<number>`, before it happens: {"rule", "at", "pid", "request_id", "time"}."""


def arm(steps: list[Step], request_id: Callable[[], str]) -> None:
    """Wrap what these steps name. Raises AttributeError or ImportError for what is not there."""
    for step in steps:
        module, name, when = step.at.split(":")
        *path, last = name.split(".")
        owner = functools.reduce(getattr, path, importlib.import_module(module))
        found = inspect.getattr_static(owner, last)
        static = isinstance(found, staticmethod | classmethod)
        act = functools.partial(_act, step, request_id)
        wrapped = _around(found.__func__ if static else found, when, act)
        setattr(owner, last, type(found)(wrapped) if static else wrapped)


def _around(call: Callable[..., Any], when: str, act: Callable[[], None]) -> Callable[..., Any]:
    """After a coroutine function is when it is done, not when it has been called."""
    if when == "before":

        @functools.wraps(call)
        def before(*arguments: Any, **named: Any) -> Any:
            act()
            return call(*arguments, **named)

        return before
    if inspect.iscoroutinefunction(call):

        @functools.wraps(call)
        async def after_all(*arguments: Any, **named: Any) -> Any:
            answer = await call(*arguments, **named)
            act()
            return answer

        return after_all

    @functools.wraps(call)
    def after(*arguments: Any, **named: Any) -> Any:
        answer = call(*arguments, **named)
        act()
        return answer

    return after


def _act(step: Step, request_id: Callable[[], str]) -> None:
    if step.until is not None and time.monotonic() > step.until:
        return
    if _CHANCE.random() >= step.share or not _written_down(step, request_id()):
        return
    if step.kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    # Somebody else has to let it go on.
    wake = f"import os, time; time.sleep({step.seconds}); os.kill({os.getpid()}, {signal.SIGCONT:d})"
    waker = subprocess.Popen([sys.executable, "-S", "-c", wake], start_new_session=True)  # noqa: S603
    os.kill(os.getpid(), signal.SIGSTOP)
    waker.wait()


def _written_down(step: Step, request_id: str) -> bool:
    """Take one of the times that are left. A file's name can be taken by one process only."""
    number = 0
    while step.count is None or number < step.count:
        number += 1
        try:
            descriptor = os.open(Path(step.folder) / f"{step.rule}.{number}", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            continue
        except OSError:  # a full disk: what nobody could hear of does not happen
            return False
        told = {"rule": step.rule, "at": step.at, "pid": os.getpid(), "request_id": request_id, "time": time.time()}
        with os.fdopen(descriptor, "w") as file:
            json.dump(told, file)
        return True
    return False
