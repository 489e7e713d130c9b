"""The folders of a stack's data."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from local.engines.engine import Folders


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

    def engine(self, name: str) -> Folders:
        return Folders(self.root / name, self.logs)

    def forget(self) -> None:
        """Remove everything that the stack has kept, and nothing else that may be in the folder. Hold the lock."""
        for name in ("kafka", "dynamodb", "s3"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        shutil.rmtree(self.simulators, ignore_errors=True)
        shutil.rmtree(self.logs, ignore_errors=True)
        self.provisioned.unlink(missing_ok=True)
