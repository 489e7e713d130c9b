"""Imports into a warm parent what the handlers need from outside their own folders.

What that is, only the handlers know: a scratch process (a fork of the warm parent) imports each handler and tells which
modules came in. The warm parent then imports those, so that the next scratch process and every environment start with
them. A handler's import therefore runs once more than on Lambda; an error in it shows when the function is invoked.
"""

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from local.engines.parent_death import adopt_orphans, follow_parent
from local.lambda_service import runtime
from local.lambda_service.fork_request import Code
from local.lambda_service.import_recorder import ImportRecorder
from local.lambda_service.memory import descendants
from local.lambda_service.module_places import ModulePlaces, import_root
from local.lambda_service.variables import common_variables

SCRATCH_LIMIT_S = 10.0
_ERROR_CHARACTERS = 160
"""The errors of all functions go through one packet."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one handler brought in and may be shared, in the order of its import."""

    function: str
    libraries: list[str]
    """Modules that lie outside every layer."""
    layers: list[str]
    error: str
    """What ended its import; empty when nothing did."""


def learn(functions: Sequence[Code], own_path: list[str]) -> Iterator[Learnt]:
    """Import what is safe to share into this process, and tell it function by function.

    Leaves os.environ as the variables that all functions have in common, and sys.path as the layers that most functions
    have and `own_path`: what a shared module may see.
    """
    shared = common_variables(code.variables for code in functions)
    differing = {name for code in functions for name in code.variables} - shared.keys()
    roots = most_common_layers(functions)
    see_as_shared(shared, [*roots, *own_path])
    places = ModulePlaces(functions)
    for code in functions:
        places.add_new()
        names, error = _learn(code, places, roots, differing, own_path)
        import_all(names)
        layers = {name for name in names if name in sys.modules and import_root(name, sys.modules[name]) in roots}
        yield Learnt(
            code.name, [name for name in names if name not in layers], [name for name in names if name in layers], error
        )


def import_learnt(functions: Sequence[Code], own_path: list[str], names: Iterable[str]) -> None:
    """In a process that has learnt nothing itself: leave it as `learn` would."""
    shared = common_variables(code.variables for code in functions)
    see_as_shared(shared, [*most_common_layers(functions), *own_path])
    import_all(names)


def see_as_shared(variables: Mapping[str, str], path: list[str]) -> None:
    """Give this process these variables and this import path."""
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    sys.path[:] = path


def import_all(names: Iterable[str]) -> None:
    """What cannot be imported alone is left to the environments."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def most_common_layers(functions: Iterable[Code]) -> list[str]:
    """Modules of layers are shared by the functions that have just these layers; others import their own."""
    counted = Counter(tuple(code.layer_roots) for code in functions)
    return list(counted.most_common(1)[0][0]) if counted else []


def still_safe(functions: Sequence[Code], own_path: list[str], names: Sequence[str]) -> list[str]:
    """Those of `names`, modules of layers whose code has changed, that can be imported and may still be shared."""
    shared = common_variables(code.variables for code in functions)
    differing = {name for code in functions for name in code.variables} - shared.keys()
    see_as_shared(shared, [*most_common_layers(functions), *own_path])

    def report(target: int) -> None:
        _be_quiet()
        recorder = ImportRecorder(differing)
        recorder.install()
        import_all(names)
        unsafe = recorder.unsafe()
        with os.fdopen(target, "w") as answer:
            json.dump([name for name in names if name in sys.modules and name not in unsafe], answer)

    answer = _in_scratch(report)
    return list(json.loads(answer)) if answer else []


def _learn(
    code: Code, places: ModulePlaces, roots: list[str], differing: set[str], own_path: list[str]
) -> tuple[list[str], str]:
    """Names of the modules that the handler brought in and that may be shared, in the order of their import.

    With them comes what ended the import; empty when nothing did.
    """
    answer = _in_scratch(lambda target: _report(code, places, roots, differing, own_path, target))
    if not answer:
        return [], f"its import ends the process, or goes on for more than {SCRATCH_LIMIT_S:g} s"
    learnt: tuple[list[str], str] = tuple(json.loads(answer))
    return learnt


def _in_scratch(report: Callable[[int], None]) -> bytes:
    """What a forked process writes to the descriptor it is given; empty when it takes too long.

    Nothing that it starts outlives it. This process has no other children.
    """
    adopt_orphans()
    source, target = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            follow_parent(signal.SIGKILL, parent)
            os.close(source)
            report(target)
        finally:
            os._exit(0)
    os.close(target)
    try:
        return _read_all(source, time.monotonic() + SCRATCH_LIMIT_S)
    finally:
        os.close(source)
        _end([pid])
        while children := descendants(parent, deep=False):  # what it has left comes here
            _end(children)


def _end(children: Iterable[int]) -> None:
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _be_quiet() -> None:
    """What is printed at import is printed again by each environment."""
    null = os.open(os.devnull, os.O_WRONLY)
    for output in (1, 2):
        os.dup2(null, output)


def _report(
    code: Code,
    places: ModulePlaces,
    roots: list[str],
    differing: set[str],
    own_path: list[str],
    target: int,
) -> None:
    """In the scratch process."""
    places.forget_foreign(code)
    runtime.enter(code.folder, code.layer_roots, code.variables, os.open(os.devnull, os.O_WRONLY), own_path)
    known = set(sys.modules)
    recorder = ImportRecorder(differing)
    recorder.install()
    error = _import_error(code.handler.rpartition(".")[0].replace("/", "."))
    unsafe = recorder.unsafe()
    sharable = (own_path, roots) if code.layer_roots == roots else (own_path,)
    shared_roots = {root for group in sharable for root in group} | _dynamic_library_roots(own_path)
    names = [
        name
        for name, module in list(sys.modules.items())
        if name not in known and name not in unsafe and import_root(name, module) in shared_roots
    ]
    with os.fdopen(target, "w") as report:
        json.dump([names, error], report)


def _import_error(module: str) -> str:
    """Import; one line of why that failed, empty when it did not."""
    try:
        importlib.import_module(module)
    except BaseException as error:  # a module may even end the process: this one is scratch
        line = " ".join(f"{type(error).__name__}: {error}".split())
        return line.removeprefix("ModuleNotFoundError: ")[:_ERROR_CHARACTERS]
    return ""


def _dynamic_library_roots(own_path: list[str]) -> set[str]:
    """Where the interpreter's own modules lie that have no file, or one in lib-dynload."""
    return {"", *own_path}


def _read_all(source: int, deadline: float) -> bytes:
    """All that is written until the other side closes; empty when that takes longer than the deadline."""
    chunks: list[bytes] = []
    while select.select([source], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = os.read(source, 65536)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
    return b""
