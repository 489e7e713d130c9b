"""Memory that was freed goes back to the kernel, as far as glibc can be told to (mallopt(3), malloc_trim(3))."""

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MMAP_BYTES = 1 << 20


def return_free_memory(arenas: int | None = None) -> None:
    """What is free goes back now, and big blocks when they are freed: glibc keeps them once a first one was.

    `arenas` limits how many heaps the threads of this process have, where it has started none yet. Nothing happens with
    another C library.
    """
    try:
        library = ctypes.CDLL(None)
        mallopt, malloc_trim = library.mallopt, library.malloc_trim
    except (OSError, AttributeError):
        return
    if arenas is not None:
        mallopt(_M_ARENA_MAX, arenas)
    mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
    mallopt(_M_TRIM_THRESHOLD, 2 * _MMAP_BYTES)
    malloc_trim(0)
