"""A mutation: one exact replacement in a copy of the repository."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.world import Fault

_COPIED = ("template.yaml", "samconfig.toml", "layers", "functions", "local", "infra")
_PACKAGE = "layers/chat4all/python/chat4all"


class Outdated(Exception):
    """The text that a mutation replaces is not there, or more than once: the mutation has to follow the code."""


@dataclass(frozen=True)
class Change:
    """In one file `old`, which is there exactly once, becomes `new`."""

    file: str
    """Of the package, of `local/`, or the template."""
    old: str
    new: str

    def path(self, root: Path) -> Path:
        is_elsewhere = self.file.startswith("local/") or self.file == "template.yaml"
        return root / (self.file if is_elsewhere else f"{_PACKAGE}/{self.file}")

    def changed(self, root: Path) -> str:
        """The text of the file with the change. Raises Outdated."""
        text = self.path(root).read_text()
        found = text.count(self.old)
        if found != 1:
            raise Outdated(f"{self.path(root)} has {found} times, and not once:\n{self.old}")
        return text.replace(self.old, self.new)

    def make(self, root: Path) -> None:
        """Raises Outdated."""
        self.path(root).write_text(self.changed(root))


@dataclass(frozen=True)
class Mutation:
    """A safety that is removed, and the run that shows what it was for."""

    name: str
    safety: str
    """What is removed, in a few words."""
    caught_by: Sequence[str]
    """Checks of which one must find something; what others find beside them proves nothing."""
    changes: Sequence[Change]
    faults: Sequence[Fault] = ()
    given: Sequence[Change] = ()
    """Changes that the unmutated code bears too, and that bring the danger near, such as shorter times."""
    farewell: Fault | None = None
    """Lasts while the last messages are sent."""
    burst_share: float = 0.3
    seconds: float = 20.0
    messages: int = 240
    settle_s: float = 60.0


def copy_of(root: Path, target: Path) -> Path:
    """What a stack needs of the repository, without what others may write there meanwhile."""
    target.mkdir(parents=True)
    for name in _COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", ".aws-sam"))
        elif source.exists():
            shutil.copy2(source, target / name)
    return target
