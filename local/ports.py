"""Ports of this machine: free ones, and who holds a taken one."""

import errno
import random
import socket

import psutil

from local.start_error import StartError

_CHOICE = range(10240, 32768)
"""Below Linux's ephemeral range, so that no outgoing connection takes a chosen port before it is bound."""


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Ports that nothing is bound to now, chosen at random."""
    found: list[int] = []
    for port in random.sample(_CHOICE, len(_CHOICE)):
        if len(found) == count:
            break
        if is_free(port, host):
            found.append(port)
    return found


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could bind it now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def require_free(port: int, purpose: str, option: str, host: str = "127.0.0.1") -> None:
    """Raise StartError naming the holder and the option that chooses another port."""
    if not is_free(port, host):
        raise StartError(taken(port, purpose, option, holder(port)))


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


def _shortened(command: str, limit: int = 100) -> str:
    return command if len(command) <= limit else command[: limit - 1] + "…"
