"""Processes that end with the one that started them, even when that is killed with -9.

Linux: PR_SET_PDEATHSIG of prctl(2), which counts from the thread that forked, so start children in the main thread only.
Elsewhere there is no such thing, and a killed stack leaves its engines to be found by their ports.
Standard library only: `dynamodb_build` runs before anything is installed.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def follow_parent(with_signal: signal.Signals, parent: int) -> None:
    """Have the kernel send this process `with_signal` when `parent`, its parent, ends; or at once if it has already."""
    if sys.platform != "linux":
        return
    _libc().prctl(_PR_SET_PDEATHSIG, int(with_signal))
    if os.getppid() != parent:
        os.kill(os.getpid(), with_signal)


def outlive_parent() -> None:
    """Take back `follow_parent`: this process will see for itself that its parent has ended."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, 0)


def adopt_orphans() -> None:
    """Be the parent of whatever the children of this process leave behind when they end."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1)


def follower(with_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that does the same in a child about to be started. Everything it needs is loaded before the fork."""
    parent = os.getpid()
    _libc()
    return lambda: follow_parent(with_signal, parent)


_loaded: list[ctypes.CDLL] = []


def _libc() -> ctypes.CDLL:
    if not _loaded:
        _loaded.append(ctypes.CDLL(None))
    return _loaded[0]
