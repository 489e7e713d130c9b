"""How large the code of a function may be (Lambda quotas: deployment package, unzipped, with layers)."""

import os
from collections.abc import Sequence
from pathlib import Path

from local.template.errors import TemplateError
from local.template.intrinsics import Where

LIMIT_BYTES = 262_144_000


def check_size(folders: Sequence[Path], known: dict[Path, int], where: Where) -> None:
    """Raise TemplateError, in Lambda's words, where the folders of a function and its layers hold more than 250 MB.

    `known` takes the sizes found: functions share layers.
    """
    sizes = {folder: known.get(folder) or folder_bytes(folder) for folder in folders}
    known |= sizes
    if sum(sizes.values()) > LIMIT_BYTES:
        parts = ", ".join(f"{folder.name} {size / 1e6:.0f} MB" for folder, size in sizes.items())
        raise TemplateError(f"Unzipped size must be smaller than {LIMIT_BYTES} bytes: {parts}", where)


def folder_bytes(folder: Path) -> int:
    """Bytes of the files below; compiled modules are no part of a deployment."""
    total, open_folders = 0, [str(folder)]
    while open_folders:
        with os.scandir(open_folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__" and not entry.is_symlink():
                        open_folders.append(entry.path)
                elif entry.is_file():
                    total += entry.stat().st_size
    return total
