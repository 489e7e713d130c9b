"""How long and how much an HTTP API waits for. AWS does not say these; the quotas that it does say are in `pipeline`."""

from dataclasses import dataclass

from local.http_api.issuer_keys import REFETCH_INTERVAL_S


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Times in seconds. A client that takes longer is answered 408, or just closed where there is nothing to answer."""

    idle_s: float = 60.0
    """Between connections or answers and the first byte of a request."""
    head_s: float = 30.0
    """From the first byte of a request to the end of its headers."""
    body_s: float = 30.0
    """Between two pieces of a body."""
    write_s: float = 60.0
    """For a client to take what was written to it."""
    linger_s: float = 2.0
    """After a last answer, for the client to read it before what it still sends resets the connection."""
    refetch_s: float = REFETCH_INTERVAL_S
    """A token whose key is unknown asks its issuer for new keys at most this often."""
