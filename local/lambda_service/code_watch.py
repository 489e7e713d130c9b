"""Reload on change: new invocations run the code that is on disk."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

from watchfiles import PythonFilter, awatch

from local.application import Application
from local.lambda_service.service import LambdaService

_LOG = logging.getLogger(__name__)
_DEBOUNCE_MS = 200
_QUIET_MS = 10
"""A save is over when nothing has come for so long; what comes later is another change."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a set of changed files concerns."""

    functions: frozenset[str]
    layers: bool


class CodeWatch:
    """Watches the folders of functions and layers, and has the service renew what changed."""

    def __init__(self, service: LambdaService, application: Application) -> None:
        self._service = service
        functions = application.functions.values()
        self._code = {function.name: function.code.resolve() for function in functions}
        self._layers = {layer.resolve() for function in functions for layer in function.layers}
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        self._stop.set()
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        folders = {*self._code.values(), *self._layers}
        changes = awatch(
            *folders, watch_filter=PythonFilter(), debounce=_DEBOUNCE_MS, step=_QUIET_MS, stop_event=self._stop
        )
        async for batch in changes:
            files = [Path(path) for _, path in batch]
            forget_bytecode(files)
            changed = concerned(files, self._code, self._layers)
            what = "layers, so all functions" if changed.layers else ", ".join(sorted(changed.functions))
            try:
                await self._service.reload(changed.functions, layers=changed.layers)
            except Exception:
                _LOG.exception("the change of %s could not be taken up; what ran before still runs", what)
            else:
                _LOG.info("reloaded %s", what)


def forget_bytecode(files: Iterable[Path]) -> None:
    """Remove compiled code of sources that have changed.

    Python takes it for current when the source has the same size and was changed in the same second as the compiled one
    (PEP 3147): two saves within a second would run the first.
    """
    for file in files:
        with contextlib.suppress(OSError):
            Path(cache_from_source(str(file))).unlink(missing_ok=True)


def concerned(files: Iterable[Path], code: Mapping[str, Path], layers: Iterable[Path]) -> Changed:
    """The functions whose folder, and whether a layer, holds any of the files. Folders are resolved."""
    paths, roots = list(files), list(layers)
    functions = {name for name, folder in code.items() if any(path.is_relative_to(folder) for path in paths)}
    return Changed(frozenset(functions), any(path.is_relative_to(root) for path in paths for root in roots))
