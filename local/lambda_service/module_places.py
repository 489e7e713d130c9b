"""Which imported modules lie where, and which of them a function must not see."""

import contextlib
import os
import sys
from collections.abc import Iterable
from types import ModuleType

from local.lambda_service.fork_request import Code


class ModulePlaces:
    """Imported modules outside the standard library, by (entry of sys.path that they lie in, name of their top package).

    Made before processes are forked, and kept by each fork: to look at a module writes to it (its count of references), and
    gives the process that looks its own copy of the pages that hold it.
    """

    def __init__(self, functions: Iterable[Code]) -> None:
        self._layer_roots = {root for code in functions for root in code.layer_roots}
        self._by_place: dict[tuple[str, str], list[str]] = {}
        self._known: set[str] = set()
        self._count = 0

    def add_new(self) -> None:
        """Those that were imported since the last call. No other is looked at."""
        new: list[str] = []
        grown = len(sys.modules) - self._count
        for name in reversed(sys.modules):  # the newest first
            if name not in self._known:
                new.append(name)
            elif len(new) >= grown:
                break
        for name in reversed(new):
            self._known.add(name)
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and name != "__main__":
                self._by_place.setdefault((import_root(name, sys.modules[name]), top), []).append(name)
        self._count = len(sys.modules)

    def forget_foreign(self, code: Code) -> None:
        """In a forked process: drop imported modules that this function would find elsewhere, or not at all."""
        kept, own = set(code.layer_roots), top_level_names([code.folder, *code.layer_roots])
        in_folder = top_level_names([code.folder])
        for (root, top), names in self._by_place.items():
            if root in kept:
                shadowed = top in in_folder
            else:
                shadowed = top in own or top == __name__.partition(".")[0] or root in self._layer_roots
            if shadowed:
                for name in names:
                    sys.modules.pop(name, None)


def import_root(name: str, module: ModuleType) -> str:
    """The entry of sys.path that a module was found in; empty for what has no file."""
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", [])), None)
    if not isinstance(file, str):
        return ""
    if not hasattr(module, "__path__"):
        levels = name.count(".") + 1
    else:
        levels = name.count(".") + (2 if getattr(module, "__file__", None) else 1)
    for _ in range(levels):
        file = os.path.dirname(file)
    return file


def top_level_names(folders: Iterable[str]) -> set[str]:
    """Names that `import` finds in folders."""
    found: set[str] = set()
    for folder in folders:
        with contextlib.suppress(OSError):
            found.update(entry.partition(".")[0] for entry in os.listdir(folder) if not entry.startswith((".", "__")))
    return found
