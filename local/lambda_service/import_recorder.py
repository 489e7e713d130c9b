"""Finds out, in a scratch process, which modules a handler needs that may be imported before it is known for whom.

Forked processes share what was imported before the fork. That is safe unless an import did something that belongs to one
process or one function: read a variable that differs between functions, drew random bytes, connected, started a thread or
a process. Such a module, and every module that imports it, is left for each environment to import itself.
"""

import builtins
import importlib.util
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_OF_ONE_PROCESS = frozenset({"socket.connect", "subprocess.Popen", "sqlite3.connect", "os.fork"})


class ImportRecorder:
    """Watches imports from `install()` on; for a process that ends soon, as nothing of it can be undone."""

    def __init__(self, differing: Collection[str]) -> None:
        self._differing = differing
        self._unsafe: set[str] = set()
        self._importers: dict[str, set[str]] = defaultdict(set)
        self._threads = thread_count()

    def install(self) -> None:
        self._watch_imports()
        self._watch_variables()
        os.urandom = self._marking(os.urandom)
        threading.Thread.start = self._marking(threading.Thread.start)  # type: ignore[assignment, method-assign]
        sys.addaudithook(lambda event, _arguments: self._mark() if event in _OF_ONE_PROCESS else None)

    def unsafe(self) -> set[str]:
        """Modules that did such a thing, those that import them, and what lies inside such a package."""
        return closure(self._unsafe, self._importers, list(sys.modules))

    def _marking(self, act: Callable[[T], R]) -> Callable[[T], R]:
        def marking(argument: T, /) -> R:
            self._mark()
            return act(argument)

        return marking

    def _mark(self) -> None:
        """Every module whose body is running now, unless the standard library does it for itself (multiprocessing)."""
        frame: FrameType | None = sys._getframe(1)
        running: list[str] = []
        while frame is not None:
            if frame.f_code.co_name == "<module>":
                running.append(str(frame.f_globals.get("__name__")))
            frame = frame.f_back
        if running and running[0].partition(".")[0] not in sys.stdlib_module_names:
            self._unsafe.update(running)

    def _watch_variables(self) -> None:
        recorder, plain = self, type(os.environ)

        class RecordingEnviron(plain):  # type: ignore[misc, valid-type]
            def __getitem__(self, name: str) -> str:
                if name in recorder._differing:
                    recorder._mark()
                value: str = super().__getitem__(name)
                return value

        os.environ.__class__ = RecordingEnviron

    def _watch_imports(self) -> None:
        original = builtins.__import__

        def recording(
            name: str,
            globals: Mapping[str, object] | None = None,
            locals: Mapping[str, object] | None = None,
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> Any:
            names = imported_names(name, globals or {}, fromlist or (), level)
            for imported in names:
                self._importers[imported].add(str((globals or {}).get("__name__")))
            loaded = len(sys.modules)
            module = original(name, globals, locals, fromlist, level)
            if len(sys.modules) != loaded and thread_count() > self._threads:
                self._threads = thread_count()
                self._unsafe.update(names)
            return module

        builtins.__import__ = recording


def thread_count() -> int:
    """Threads of this process, those of C libraries included."""
    return len(os.listdir("/proc/self/task"))


def imported_names(name: str, scope: Mapping[str, object], fromlist: Sequence[str], level: int) -> list[str]:
    """Absolute names that an import statement may bring in."""
    if level:
        package = str(scope.get("__package__") or str(scope.get("__name__", "")).rpartition(".")[0])
        try:
            name = importlib.util.resolve_name("." * level + name, package)
        except ImportError:
            return []
    parents = [name[:index] for index, letter in enumerate(name) if letter == "."]
    return [*parents, name, *(f"{name}.{member}" for member in fromlist)]


def closure(unsafe: set[str], importers: Mapping[str, set[str]], modules: Sequence[str]) -> set[str]:
    """`unsafe`, everything that imports one of it, and submodules of such packages."""
    found: set[str] = set()
    waiting = list(unsafe)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        waiting += importers.get(module, ())
        waiting += [name for name in modules if name.startswith(f"{module}.")]
    return found
