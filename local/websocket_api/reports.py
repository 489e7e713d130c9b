"""What the log says of clients that did what they should not."""

import logging
from typing import Any

from websockets.frames import Close, CloseCode

_CLIENTS_FAULT = {
    CloseCode.PROTOCOL_ERROR,
    CloseCode.UNSUPPORTED_DATA,
    CloseCode.INVALID_DATA,
    CloseCode.MESSAGE_TOO_BIG,
}
_LOG = logging.getLogger(__name__)


def report_refusal(address: Any, connection_id: str, why: str) -> None:
    """`address` is that of the socket, None when it is gone; the id is empty before there is one."""
    client = f"{address[0]}:{address[1]}" if address else "a client that is gone"
    _LOG.info("handshake from %s%s refused: %s", client, connection_id and f" ({connection_id})", why)


def report_close(connection_id: str, sent: Close | None) -> None:
    """Tell why the gateway closed a connection, if it was the client's fault."""
    if sent is not None and sent.code in _CLIENTS_FAULT:
        _LOG.info("connection %s closed with %d: %s", connection_id, sent.code, sent.reason)
