"""Named copies of all data of a stack: `<data>/snapshots/<name>/`.

A copy of a running stack is what a power cut at that moment would have left: its engines are stopped in the middle of
whatever they do (SIGSTOP), copied, and go on. They are chosen so that nothing acknowledged is lost then.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from local.data_folder import DataFolder
from local.start_error import StartError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ABOUT = "snapshot.json"
_STOPPED_WITHIN_S = 5.0
_READY = "ready"


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    created_at: float
    """Seconds since the epoch."""
    size: int
    """Bytes."""
    running: bool
    """Whether the stack ran when it was made."""


class Snapshots:
    """Those of one data folder. Names are 1 to 64 letters, digits, dots, hyphens and underscores."""

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self._folder = data.root / "snapshots"

    def all(self) -> list[Snapshot]:
        """The newest first."""
        found = [about for file in self._folder.glob(f"*/{_ABOUT}") if (about := _about(file.parent)) is not None]
        return sorted(found, key=lambda one: -one.created_at)

    def save(self, name: str, pids: Iterable[int] = (), *, replace: bool = False) -> Snapshot:
        """Copy everything while the processes `pids` are stopped; nothing else may write meanwhile.

        Raises StartError for a name that cannot be or is taken, and when the disk is full; then there is no snapshot.
        """
        target = self._path(name)
        if target.exists() and not replace:
            raise StartError(f"There is a snapshot {name} already: choose another name, or --replace it.")
        partial = self._folder / f".{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        pids = list(pids)
        try:
            with _stopped(pids):
                _copy(self._data.kept(), partial)
            about = {"created_at": time.time(), "size": _size(partial), "running": bool(pids)}
            (partial / _ABOUT).write_text(json.dumps(about), "utf-8")
            shutil.rmtree(target, ignore_errors=True)
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        made = _about(target)
        assert made is not None, "it was just written"
        return made

    def load(self, name: str) -> None:
        """Replace the data of a stack that does not run. A load that is cut off is finished by `finish_load`."""
        source = self.existing(name)
        loading = self._loading
        shutil.rmtree(loading, ignore_errors=True)
        loading.mkdir(parents=True, mode=0o700)
        try:
            _copy([path for path in source.iterdir() if path.name != _ABOUT], loading)
            names = [path.name for path in source.iterdir()]
            (loading / f"{_READY}.partial").write_text(json.dumps(names), "utf-8")
            (loading / f"{_READY}.partial").rename(loading / _READY)
        except BaseException:
            shutil.rmtree(loading, ignore_errors=True)
            raise
        self.finish_load()

    def finish_load(self) -> None:
        """Put a snapshot that was copied whole in the place of the data, however far an earlier load came with that."""
        loading = self._loading
        if not (loading / _READY).exists():
            shutil.rmtree(loading, ignore_errors=True)
            return
        try:
            wanted = json.loads((loading / _READY).read_text("utf-8"))
        except ValueError as error:
            raise StartError(
                f"{loading / _READY} of a load that was cut off cannot be read: load a snapshot again, or remove {loading}."
            ) from error
        for path in self._data.kept():
            if path.name not in wanted:
                _remove(path)
        for new in [new for new in loading.iterdir() if new.name != _READY]:
            _remove(self._data.root / new.name)
            new.rename(self._data.root / new.name)
        shutil.rmtree(loading)

    def delete(self, name: str) -> None:
        """Raises StartError when there is none of that name."""
        shutil.rmtree(self.existing(name))

    def existing(self, name: str) -> Path:
        """Folder of a snapshot. Raises StartError when there is none of that name."""
        path = self._path(name)
        if _about(path) is None:
            names = ", ".join(one.name for one in self.all()) or "none yet"
            raise StartError(f"There is no snapshot {name}. There are: {names}.")
        return path

    @property
    def _loading(self) -> Path:
        return self._data.root / "loading"

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise StartError(
                f"{name!r} is no name for a snapshot: 1 to 64 letters, digits, dots, hyphens and underscores, "
                "the first a letter or digit."
            )
        return self._folder / name


def _about(folder: Path) -> Snapshot | None:
    """None where there is none, or none that can be read."""
    try:
        about: Mapping[str, Any] = json.loads((folder / _ABOUT).read_text("utf-8"))
        return Snapshot(folder.name, about["created_at"], about["size"], about["running"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


@contextmanager
def _stopped(pids: list[int]) -> Iterator[None]:
    """Hold processes still. Raises StartError when one does not stop, and lets all go on in any case."""
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        deadline = time.monotonic() + _STOPPED_WITHIN_S
        while any(psutil.Process(pid).status() != psutil.STATUS_STOPPED for pid in pids):
            if time.monotonic() > deadline:
                raise StartError(f"The engines did not stop within {_STOPPED_WITHIN_S:g} s: nothing was copied.")
            time.sleep(0.001)
        yield
    except (ProcessLookupError, psutil.NoSuchProcess) as error:
        raise StartError("An engine ended in the meantime: nothing was copied. Try again.") from error
    finally:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                continue


def _copy(paths: list[Path], folder: Path) -> None:
    """With cp: holes stay holes (Kafka's indexes are 10 MB of them), and file systems that can share the blocks."""
    if not paths:
        return
    command = ["cp", "-a", "--sparse=auto", "--reflink=auto", "--", *map(str, paths), f"{folder}/"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode != 0:
        raise StartError(f"The data could not be copied: {ended.stderr.strip().splitlines()[-1]}")


def _size(folder: Path) -> int:
    """Bytes on disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
