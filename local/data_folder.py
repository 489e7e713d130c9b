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
            f"The data folder {data} cannot be used ({where}: {error.strerror}): name another one with --data."
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
    def captures(self) -> Path:
        """SQLite file of what functions were invoked with, and what they answered."""
        return self.root / "captures.sqlite"

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

    def forget(self) -> None:
        """Remove everything that the stack has kept, and nothing else that may be in the folder. Hold the lock."""
        for name in ("kafka", "dynamodb", "s3"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        shutil.rmtree(self.simulators, ignore_errors=True)
        shutil.rmtree(self.function_logs, ignore_errors=True)
        for log in self.logs.glob("*.log"):
            # `run --detach` has opened that one already, and prints what comes into it.
            if log != self.stack_log:
                log.unlink(missing_ok=True)
        self.provisioned.unlink(missing_ok=True)
        for file in self.root.glob(f"{self.stored_values.name}*"):
            file.unlink()
        for file in (self.events, self.captures):
            for one in self.root.glob(f"{file.name}*"):
                one.unlink(missing_ok=True)
