"""What keeps the memory of environments shared with the warm parent they are forked from."""

import contextlib
import gc
import json
import os
import sys
from typing import Any

from local.free_memory import return_free_memory

_DOCUMENTS = "endpoints", "partitions"


_shared: dict[str, Any] = {}


def before_forks() -> None:
    """When everything is imported and before the first fork."""
    _share_botocore_documents()
    gc.collect()
    return_free_memory()
    gc.freeze()  # no collection of an environment writes to what it inherited


def _share_botocore_documents() -> None:
    """botocore parses these for the first client of each session: 7 MB of objects and 30 ms that each environment would pay.

    It only reads them (botocore/regions.py, botocore/utils.py), so one copy is as good as many, and plain dicts, 3 MB
    smaller, as good as botocore's ordered ones. Service models are not shared: botocore changes them after they are parsed.
    """
    loaders: Any = sys.modules.get("botocore.loaders")
    if loaders is None:
        return
    folder = loaders.Loader.BUILTIN_DATA_PATH
    new = {path for name in _DOCUMENTS if (path := os.path.join(folder, name)) not in _shared}
    for path in new:
        with contextlib.suppress(OSError), open(f"{path}.json", "rb") as file:
            _shared[path] = json.load(file)
    if not new:
        return
    load = loaders.JSONFileLoader.load_file

    def load_file(self: Any, file_path: str) -> Any:
        return _shared[file_path] if file_path in _shared else load(self, file_path)

    loaders.JSONFileLoader.load_file = load_file
