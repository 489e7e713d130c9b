"""Processes that end with the one that started them, even when that is killed with -9.

Linux: PR_SET_PDEATHSIG of prctl(2), which counts from the thread that forked, so start children in the main thread only.
Elsewhere there is no such thing, and a killed stack leaves its engines to be found by their ports.
Standard library only: `dynamodb_build` runs before anything is installed.

Run as a program, it asks for the signal and becomes the command. No `preexec_fn` does that: it runs Python between fork and exec,
and a lock that another thread holds at the fork is never released there (subprocess, "preexec_fn ... could lead to deadlock").
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

StrPath = str | os.PathLike[str]

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


def following(command: Sequence[StrPath], with_signal: signal.Signals) -> list[str]:
    """`command` such that what it starts is sent `with_signal` when this process ends. Its pid is the command's own."""
    given = [os.fspath(each) for each in command]
    if sys.platform != "linux":
        return given
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(with_signal)), *given]


_loaded: list[ctypes.CDLL] = []


def _libc() -> ctypes.CDLL:
    if not _loaded:
        _loaded.append(ctypes.CDLL(None))
    return _loaded[0]


def main(arguments: Sequence[str]) -> None:
    """Parent, signal, command: become the command. Exit code 127 where there is no such program."""
    parent, with_signal, *command = arguments
    follow_parent(signal.Signals(int(with_signal)), int(parent))
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        print(f"{command[0]} cannot be started: {error}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
