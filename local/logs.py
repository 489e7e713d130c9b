"""`python -m local logs`: the last lines of the logs, and what comes after them."""

import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local.arguments import Place
from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.invoke_cli import Target
from local.start_error import StartError

_POLL_S = 0.2


def show_logs(where: Place, names: Sequence[str], lines: int, follow: bool) -> int:
    """Print the last `lines` of each log, each line after its log's name. Raises StartError for a name without a log."""
    data = where.data
    files = log_files(data)
    if any(name not in files for name in names):
        names = list(dict.fromkeys(resolved(name, files, targets(where.template)) for name in names))
    chosen = {name: files.get(name, DataFolder(data).function_logs / f"{name}.log") for name in names or sorted(files)}
    for name in names:
        if not chosen[name].exists() or not chosen[name].stat().st_size:
            print(f"{name} has not run yet: its log is empty.", file=sys.stderr)
    ends = {name: _show_end(name, file, lines) for name, file in chosen.items()}
    while follow:
        time.sleep(_POLL_S)
        if not names:
            chosen = log_files(data)
        for name, file in chosen.items():
            ends[name] = _show_rest(name, file, ends.get(name, 0))
    return 0


def resolved(name: str, files: Mapping[str, Path], functions: list[Target]) -> str:
    """The name of the log that is meant by a log's name, or any of the names of a function. Raises StartError."""
    if name in files:
        return name
    found = [target for target in functions if name in (target.name, target.logical_id, target.folder)]
    if len(found) > 1:
        raise StartError(f"{name} is the folder of several functions; choose: {_listed(found)}.")
    if not found:
        logs, known = ", ".join(sorted(files)) or "none yet", _listed(functions) or "none"
        raise StartError(f"There is no log of {name}. There are: {logs}. The functions are: {known}.")
    return found[0].name


def targets(template: Path) -> list[Target]:
    """The functions of a template; none where it cannot be loaded, since logs must be read then too."""
    from local.template import (
        TemplateError,
        load_application,
    )  # only where a name is not that of a log: it takes a while

    try:
        functions = load_application(template, parameters={}, endpoints=Endpoints()).functions.values()
    except (OSError, TemplateError):
        return []
    return [Target(function.name, function.logical_id, function.code.name) for function in functions]


def _listed(found: Sequence[Target]) -> str:
    return ", ".join(sorted(target.logical_id for target in found))


def log_files(data: Path) -> dict[str, Path]:
    """By name: `stack`, engines, and functions."""
    folder = DataFolder(data)
    found = [*folder.logs.glob("*.log"), *folder.function_logs.glob("*.log")]
    return {file.stem: file for file in found}


def _show_end(name: str, file: Path, lines: int) -> int:
    if not file.exists():
        return 0
    with file.open("rb") as log:
        for line in deque(log, maxlen=lines):
            _print(name, line)
        return log.tell()


def _show_rest(name: str, file: Path, begin: int) -> int:
    """Print whole lines from `begin` on; returns where they end. A log that has become shorter was begun anew."""
    if not file.exists() or file.stat().st_size == begin:
        return begin
    with file.open("rb") as log:
        log.seek(begin if file.stat().st_size > begin else 0)
        for line in _whole_lines(log.read()):
            _print(name, line)
            begin += len(line)
        return begin


def _whole_lines(content: bytes) -> Iterator[bytes]:
    yield from (line for line in content.splitlines(keepends=True) if line.endswith(b"\n"))


def _print(name: str, line: bytes) -> None:
    sys.stdout.write(f"{name}: {line.decode(errors='replace').rstrip()}\n")
    sys.stdout.flush()
