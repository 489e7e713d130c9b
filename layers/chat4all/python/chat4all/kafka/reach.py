"""Whether any broker listens: asked before a Kafka client is made, which would try until its timeout."""

import socket


def reach_any(servers: str, timeout_s: float) -> None:
    """Return when one of `servers` (host:port, comma separated) takes a connection; raises OSError, ValueError."""
    failure: OSError = ConnectionError("there are no bootstrap servers")
    for server in servers.split(",") if servers else ():
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=timeout_s).close()
        except OSError as error:
            failure = error
        else:
            return
    raise failure
