"""What keeps the memory of environments shared with the warm parent they are forked from."""

import ctypes
import gc
import os
import sys
from typing import Any

_DOCUMENTS = "endpoints", "partitions"
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_MMAP_BYTES = 1 << 20


def before_forks() -> None:
    """Once, when everything is imported and before the first fork."""
    _share_botocore_documents()
    _return_big_blocks()
    gc.collect()
    gc.freeze()  # no collection of an environment writes to what it inherited


def _share_botocore_documents() -> None:
    """botocore parses these for the first client of each session: 7 MB of objects and 30 ms that each environment would pay.

    It only reads them (botocore/regions.py, botocore/utils.py), so one copy is as good as many. Service models are not
    shared: botocore changes them after they are parsed.
    """
    loaders: Any = sys.modules.get("botocore.loaders")
    if loaders is None:
        return
    load = loaders.JSONFileLoader.load_file
    paths = [os.path.join(loaders.Loader.BUILTIN_DATA_PATH, name) for name in _DOCUMENTS]
    shared = {path: load(loaders.JSONFileLoader(), path) for path in paths}

    def load_file(self: Any, file_path: str) -> Any:
        return shared[file_path] if shared.get(file_path) is not None else load(self, file_path)

    loaders.JSONFileLoader.load_file = load_file


def _return_big_blocks() -> None:
    """Have malloc give big blocks back when they are freed: glibc keeps them once a first one was (mallopt(3))."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
    mallopt(_M_TRIM_THRESHOLD, 2 * _MMAP_BYTES)
