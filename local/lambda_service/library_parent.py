"""The library parent: the process that all warm parents are forked from. It holds the libraries, and nothing of a layer.

A change of a layer needs a warm parent that has imported the layer anew. The libraries are most of what there is to import,
and they have not changed: a fork of this process has them already. Each packet carries the control socket of a warm parent;
the answer is {"parent": pid}. Before, it says {"ready": pid}.

Which libraries, only the handlers know, and their import brings in layers too. So a scratch process learns as a warm parent
does and tells each name at once, and this one imports the libraries beside it.
"""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from local.engines.parent_death import adopt_orphans, follow_parent, outlive_parent
from local.lambda_service import preload
from local.lambda_service.fork_request import Code
from local.lambda_service.memory import descendants
from local.lambda_service.preload import Learnt

_PACKET_BYTES = 1 << 12


@dataclass(slots=True)
class WarmParentToBe:
    """In a forked process: its control socket, and what is known of the functions as they are now."""

    control: socket.socket
    learnt: list[Learnt]
    """When the library parent was made; empty when it has no libraries."""
    first: bool
    """Nothing has changed since then."""


def import_libraries(functions: Sequence[Code], own_path: list[str]) -> list[Learnt]:
    """Import the libraries of all functions; returns what else was learnt."""
    preload.import_learnt(functions, own_path, [])
    found = []
    for learnt in _learn_elsewhere(functions, own_path):
        # Without the layers: no library may bring one in.
        preload.see_as_shared(dict(os.environ), own_path)
        preload.import_all(learnt.libraries)
        found.append(learnt)
    return found


def _learn_elsewhere(functions: Sequence[Code], own_path: list[str]) -> Iterator[Learnt]:
    source, target = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            follow_parent(signal.SIGKILL, parent)
            os.close(source)
            with os.fdopen(target, "w") as report:
                for learnt in preload.learn(functions, own_path):
                    report.write(json.dumps(asdict(learnt)) + "\n")
                    report.flush()
        finally:
            os._exit(0)
    os.close(target)
    with os.fdopen(source) as report:
        yield from (Learnt(**json.loads(line)) for line in report)
    os.waitpid(pid, 0)


def serve(control: socket.socket, learnt: list[Learnt]) -> WarmParentToBe | None:
    """Until the stack closes the control socket: None. In a forked warm parent it returns too, with what to be.

    What the environments of a killed warm parent leave running falls to this process, and ends before the next one begins.
    """
    parent = os.getpid()
    warm_parents: set[int] = set()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries warm parents
    outlive_parent()
    adopt_orphans()
    _tell(control, {"ready": parent})
    first = True
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, _PACKET_BYTES, 1)
        _kill_orphans(parent, warm_parents)
        if not packet:
            return None
        pid = os.fork()
        if pid == 0:
            follow_parent(signal.SIGKILL, parent)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            return WarmParentToBe(socket.socket(fileno=descriptors[0]), learnt, first)
        warm_parents.add(pid)
        os.close(descriptors[0])
        _tell(control, {"parent": pid})
        first = False


def _kill_orphans(parent: int, warm_parents: set[int]) -> None:
    """Until none is left: each that dies may leave children, which come here too."""
    while orphans := set(descendants(parent, deep=False)) - warm_parents:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _tell(control: socket.socket, message: dict[str, int]) -> None:
    try:
        control.send(json.dumps(message).encode())
    except (BrokenPipeError, ConnectionResetError):
        return  # the next read sees the end
