"""The Host header of a request."""


def host_name(host: str) -> str:
    """The name or address of `name[:port]`, in lower case; `[::1]` keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
