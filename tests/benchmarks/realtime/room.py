"""Whether this machine lets one process open so many sockets."""

import resource
from pathlib import Path

from local.open_files import raise_limit

SPARE_FILES = 500
"""Beside the sockets: engines, environments and logs of a stack."""
_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USED_SHARE = 0.5
"""Of the ports of an address: others use some, and closed connections keep theirs for a minute."""


class NoRoom(Exception):
    """What is too small, and how to change it."""


def make_room(sockets: int) -> None:
    """Raise this process's limit of open files, which its children inherit. Raises NoRoom where the hard limit is too low."""
    wanted, limit = sockets + SPARE_FILES, raise_limit()
    if limit != resource.RLIM_INFINITY and limit < wanted:
        raise NoRoom(
            f"{sockets} sockets need {wanted} open files, and a process here may have {limit}: "
            f"raise the hard limit (ulimit -Hn {wanted}) or ask for fewer with --sockets"
        )


def source_addresses(sockets: int, ports: int | None = None) -> list[str]:
    """Loopback addresses from which `sockets` can be opened to one port: each has as many as there are ephemeral ports."""
    each = int((ports or _ephemeral_ports()) * _USED_SHARE)
    return [f"127.0.0.{1 + number}" for number in range(-(-sockets // each))]


def _ephemeral_ports() -> int:
    """28,232 by default on Linux, 16,384 on macOS, where there is no such file."""
    try:
        low, high = map(int, _PORT_RANGE.read_text().split())
    except OSError:
        return 16_384
    return high - low + 1
