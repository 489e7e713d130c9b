"""Ports of this machine: free ones, and who holds a taken one."""

import errno
import random
import socket
import sys
from collections.abc import Mapping, Sequence

import psutil

BIND_ERRORS = (errno.EADDRINUSE, errno.EACCES)
"""Errors of bind(2) that another port helps against: the port is taken; it is below 1024 and needs privileges."""
INNER_PORTS = range(10240, 14336)
_CHOICE = range(24336, 32768)
"""Below Linux's ephemeral range, so that no outgoing connection takes a chosen port before it is bound. What an engine chooses
for itself (`INNER_PORTS`, and up to 10,000 above them) lies apart, so that it never takes a port that a gateway of the same
stack will bind later."""


def free_ports(count: int, host: str = "127.0.0.1", choice: range = _CHOICE) -> list[int]:
    """Ports that nothing is bound to now, chosen at random; no other process that asks is given one of them.

    That holds for as long as this process lives, since a port is free until the server that it was chosen for has bound it.
    """
    found: list[int] = []
    for port in random.sample(choice, len(choice)):
        if len(found) == count:
            break
        if is_free(port, host) and _claim(port):
            found.append(port)
    return found


def _claim(port: int) -> bool:
    """Whether the port was nobody's: its claim is a name that the kernel gives once, and frees with the process.

    Abstract names of Unix sockets are Linux's own (unix(7)); elsewhere two processes may choose one port.
    """
    if sys.platform != "linux":
        return True
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0local-stack-port-{port}")
    except OSError:
        claim.close()
        return False
    claim.detach()  # open until the process ends
    return True


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could bind it now."""
    return bind_error(port, host) is None


def bind_error(port: int, host: str = "127.0.0.1") -> int | None:
    """Why a server could not bind it now, one of `BIND_ERRORS`; None when it could."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in BIND_ERRORS:
                return error.errno
            raise
    return None


def holder(port: int) -> tuple[int, str] | None:
    """Pid and command line of the process that listens on `port`; None where the system does not tell."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            if connection.pid is None:
                return None
            try:
                return connection.pid, " ".join(psutil.Process(connection.pid).cmdline())
            except psutil.Error:
                return connection.pid, "unknown command"
    return None


def taken(port: int, purpose: str, option: str, held_by: tuple[int, str] | None) -> str:
    """The sentence about a taken port."""
    who = f"pid {held_by[0]} ({_shortened(held_by[1])})" if held_by else "another process"
    return f"Port {port} for {purpose} is taken by {who}: end that, or choose another port with {option} (0 takes a free one)."


def all_taken(ports: Sequence[tuple[int, str, str]], holders: Mapping[int, tuple[int, str] | None]) -> str:
    """The sentences about several ports: number, purpose and option of each, and who holds them."""
    lines = []
    for port, purpose, option in ports:
        held_by = holders.get(port)
        who = f"pid {held_by[0]} ({_shortened(held_by[1])})" if held_by else "another process"
        lines.append(f"  {port} for {purpose} ({option}) by {who}")
    others = " ".join(f"{option} 0" for option in dict.fromkeys(option for _, _, option in ports))
    return "\n".join(
        [
            "These ports are taken:",
            *lines,
            f"End those, or choose others: {others} takes free ones (any port option may be 0).",
        ]
    )


def not_privileged(port: int, purpose: str, option: str) -> str:
    """The sentence about a port that only a privileged process may bind."""
    return (
        f"Port {port} for {purpose} may not be bound without privileges: "
        f"choose one from 1024 on with {option} (0 takes a free one)."
    )


def _shortened(command: str, limit: int = 100) -> str:
    return command if len(command) <= limit else command[: limit - 1] + "…"
