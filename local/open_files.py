"""How many files and sockets the process may have open at a time."""

import resource

WANTED = 65_536
"""Room for thousands of clients: shells and services often start programs with 1,024 or even 256."""


def raise_limit() -> int:
    """Raise the soft limit as far as the hard one allows, up to WANTED, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (OSError, ValueError):
            # macOS refuses numbers above a limit of its own. What there is has to do.
            return soft
        return most
    return soft
