"""The folders of a stack's data."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.engines.engine import Folders
from local.start_error import StartError


@contextmanager
def usable(data: Path) -> Iterator[None]:
    """Around what opens files of the data folder: raises StartError where they cannot be made."""
    try:
        yield
    except OSError as error:
        where = error.filename or data
        raise StartError(
            f"The data folder {data} cannot be used ({where}: {error.strerror}): mend that, or name another folder with --data."
        ) from error


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`root` holds everything that a stack keeps; two stacks never share one."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def function_logs(self) -> Path:
        return self.logs / "functions"

    @property
    def simulators(self) -> Path:
        return self.root / "simulators"

    @property
    def provisioned(self) -> Path:
        """File that remembers custom resources."""
        return self.root / "provisioned.json"

    @property
    def events(self) -> Path:
        """SQLite file of asynchronous invocations that are not done."""
        return self.root / "events.sqlite"

    @property
    def bucket_events(self) -> Path:
        """SQLite file of objects whose events were told."""
        return self.root / "bucket-events.sqlite"

    @property
    def captures(self) -> Path:
        """SQLite file of what functions were invoked with, and what they answered."""
        return self.root / "captures.sqlite"

    @property
    def faults(self) -> Path:
        """What environments write down of faults that they met, since the start."""
        return self.root / "faults"

    @property
    def stored_values(self) -> Path:
        """File of parameters and secrets."""
        return self.root / "stored-values.db"

    @property
    def stack_log(self) -> Path:
        """What a stack that runs in the background prints."""
        return self.logs / "stack.log"

    def engine(self, name: str) -> Folders:
        return Folders(self.root / name, self.logs)

    def kept(self) -> list[Path]:
        """What is there of everything that a stack needs to go on: data, not logs, nor captures, which are like them."""
        folders = [*(self.root / name for name in ("kafka", "dynamodb", "s3")), self.simulators, self.provisioned]
        databases = [
            found for file in (self.stored_values, self.events, self.bucket_events) for found in _with_journal(file)
        ]
        return [path for path in (*folders, *databases) if path.exists()]

    def forget(self) -> None:
        """Remove everything that the stack has kept, and nothing else that may be in the folder. Hold the lock."""
        for path in (*self.kept(), *_with_journal(self.captures)):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        shutil.rmtree(self.function_logs, ignore_errors=True)
        for log in self.logs.glob("*.log"):
            # `run --detach` has opened that one already, and prints what comes into it.
            if log != self.stack_log:
                log.unlink(missing_ok=True)


def _with_journal(file: Path) -> list[Path]:
    """An SQLite file and those that SQLite keeps beside it."""
    return sorted(file.parent.glob(f"{file.name}*"))
