"""`python -m local logs`: the last lines of the logs, and what comes after them."""

import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from local.data_folder import DataFolder
from local.start_error import StartError

_POLL_S = 0.2


def show_logs(data: Path, names: Sequence[str], lines: int, follow: bool) -> int:
    """Print the last `lines` of each log, each line after its log's name. Raises StartError for a name without a log."""
    files = log_files(data)
    missing = [name for name in names if name not in files]
    if missing:
        known = ", ".join(sorted(files)) or "none yet"
        raise StartError(f"There is no log of {', '.join(missing)}: there are {known}.")
    chosen = {name: files[name] for name in names or sorted(files)}
    ends = {name: _show_end(name, file, lines) for name, file in chosen.items()}
    while follow:
        time.sleep(_POLL_S)
        if not names:
            chosen = log_files(data)
        for name, file in chosen.items():
            ends[name] = _show_rest(name, file, ends.get(name, 0))
    return 0


def log_files(data: Path) -> dict[str, Path]:
    """By name: `stack`, engines, and functions."""
    folder = DataFolder(data)
    found = [*folder.logs.glob("*.log"), *folder.function_logs.glob("*.log")]
    return {file.stem: file for file in found}


def _show_end(name: str, file: Path, lines: int) -> int:
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
