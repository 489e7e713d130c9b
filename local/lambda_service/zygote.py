"""Parents of environments: `python -m local.lambda_service.zygote CONTROL_FD PREPARATION_FD PARENT_PID`.

This process becomes the library parent (`library_parent`), of which each fork is a warm parent. A warm parent imports the
layers that the functions share and then forks an environment for each packet it gets, which carries
{"fork": id, "code": Code} and two descriptors: the environment's socket and its output pipe. It answers
{"forked": id, "pid"}, tells {"exited": pid, "status"} when one has ended, kills on {"kill": pid}, and says {"ready": …}
once before. It has one thread, ever: what a thread holds at a fork stays locked in the child.

What a function leaves running, in a session of its own even, lives as long as its environment: the environment adopts it,
and whatever falls from an ended environment to the warm parent is killed.

Imports that every environment shares have one caveat, the same as with SnapStart: what a layer draws at import by other
means than os.urandom (a clock, a C library's random numbers) is equal in all of them.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any

from local.engines.parent_death import adopt_orphans, follow_parent, outlive_parent
from local.lambda_service import library_parent, preload, runtime, shared_memory
from local.lambda_service.fork_request import Code
from local.lambda_service.import_recorder import thread_count
from local.lambda_service.memory import descendants
from local.lambda_service.module_places import ModulePlaces

_PACKET_BYTES = 1 << 18
_NO_LIBRARIES, _BARE = "--no-libraries", "--bare"
"""What an import that leaves a thread behind costs: the library parent's libraries, or all that a warm parent shares."""


@dataclass(slots=True)
class Forked:
    """In the child: what it has to become."""

    code: Code
    connection: socket.socket
    output: int


class ForkServer:
    """The loop of the warm parent."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: set[int] = set()
        self._pid = os.getpid()
        self._wakeup, self._signalled = socket.socketpair()
        for end in (self._wakeup, self._signalled):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._signalled.fileno(), warn_on_full_buffer=False)

    def serve(self) -> Forked | None:
        """Until the stack closes the control socket: None. In a forked child it returns too, with what to run."""
        while True:
            readable, _, _ = select.select([self._control, self._wakeup], [], [])
            if self._wakeup in readable:
                self._reap()
            if self._control in readable:
                packet, descriptors, _, _ = socket.recv_fds(self._control, _PACKET_BYTES, 2)
                if not packet:
                    self._end()
                    return None
                forked = self._obey(json.loads(packet), descriptors)
                if forked is not None:
                    return forked

    def _obey(self, request: dict[str, Any], descriptors: list[int]) -> Forked | None:
        if "kill" in request:
            self._kill(request["kill"])
            return None
        pid = os.fork()
        if pid == 0:
            return self._become(request, descriptors)
        self._children.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        self._tell({"forked": request["fork"], "pid": pid})
        return None

    def _become(self, request: dict[str, Any], descriptors: list[int]) -> Forked:
        follow_parent(signal.SIGKILL, self._pid)
        adopt_orphans()
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (self._control, self._wakeup, self._signalled):
            end.close()
        return Forked(Code.of(request["code"]), socket.socket(fileno=descriptors[0]), descriptors[1])

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wakeup.recv(4096):
                pass
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                if pid in self._children:
                    self._children.discard(pid)
                    with contextlib.suppress(ProcessLookupError):  # what the function started and left behind
                        os.killpg(pid, signal.SIGKILL)
                    self._tell({"exited": pid, "status": status})
        self._kill_orphans()

    def _kill_orphans(self) -> None:
        """Each that dies may leave children, which come here too and are found at its own SIGCHLD."""
        for pid in set(descendants(self._pid, deep=False)) - self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _kill(self, pid: int) -> None:
        if pid in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # the process may not have made its group yet
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _end(self) -> None:
        """Kill every environment, and what falls to this process from them, until none is left."""
        for pid in self._children:
            self._kill(pid)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
                self._children.clear()
                self._kill_orphans()

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the next read sees the end
            self._control.send(json.dumps(message).encode())


def main(arguments: list[str]) -> int:
    control, preparation_fd, parent = socket.socket(fileno=int(arguments[0])), int(arguments[1]), int(arguments[2])
    follow_parent(signal.SIGKILL, parent)
    with os.fdopen(preparation_fd, "r", closefd=False) as file:
        file.seek(0)
        functions = [Code.of(code) for code in json.load(file)]
    layers = {root for code in functions for root in code.layer_roots}
    own_path = [entry for entry in sys.path[1:] if entry not in layers]  # [0] is the folder that `local` is in
    places = ModulePlaces(functions)
    if _BARE in arguments:
        return _serve(control, own_path, places, {}, bare=True)
    learnt = [] if _NO_LIBRARIES in arguments else library_parent.import_libraries(functions, own_path)
    if thread_count() > 1:
        _begin_again([*arguments, _NO_LIBRARIES])
    places.add_new()
    shared_memory.before_forks()
    warm_parent = library_parent.serve(control, learnt)
    if warm_parent is None:
        return 0
    errors = _import_layers(warm_parent, functions, own_path)
    if thread_count() > 1:
        _begin_again([str(warm_parent.control.fileno()), *arguments[1:2], str(os.getppid()), _BARE])
    return _serve(warm_parent.control, own_path, places, errors, bare=False)


def _begin_again(arguments: list[str]) -> None:
    """An import keeps a thread: begin again without what was imported. Environments start slower, and work."""
    print(f"an import left a thread behind: going on with {arguments[-1]}", file=sys.stderr, flush=True)
    for descriptor in arguments[:2]:
        os.set_inheritable(int(descriptor), True)
    os.execv(sys.executable, [sys.executable, "-m", __spec__.name, *arguments])  # noqa: S606


def _import_layers(
    warm_parent: library_parent.WarmParentToBe, functions: list[Code], own_path: list[str]
) -> dict[str, str]:
    """What keeps handlers from being imported, by function, where that is known."""
    learnt = warm_parent.learnt
    if not learnt or (not warm_parent.first and any(each.error for each in learnt)):
        learnt = list(preload.learn(functions, own_path))
        return {each.function: each.error for each in learnt if each.error}
    names = list(dict.fromkeys(name for each in learnt for name in each.layers))
    if (
        not warm_parent.first
    ):  # the first one serves the code that was learnt; later ones are made because it has changed
        names = preload.still_safe(functions, own_path, names)
    preload.import_learnt(functions, own_path, names)
    return {each.function: each.error for each in learnt if each.error} if warm_parent.first else {}


def _serve(
    control: socket.socket, own_path: list[str], places: ModulePlaces, errors: dict[str, str], *, bare: bool
) -> int:
    """Be a warm parent."""
    server = ForkServer(control)
    places.add_new()
    shared_memory.before_forks()
    adopt_orphans()
    outlive_parent()  # from here on the end of the control socket tells, and everything is ended in order
    server._tell({"ready": os.getpid(), "modules": len(sys.modules), "bare": bare, "errors": errors})
    forked = server.serve()
    return _run(forked, own_path, places) if forked is not None else 0


def _run(forked: Forked, own_path: list[str], places: ModulePlaces) -> int:
    code = forked.code
    places.forget_foreign(code)
    runtime.enter(code.folder, code.layer_roots, code.variables, forked.output, own_path)
    return runtime.run(code.handler, forked.connection, code.steps)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
