"""A moment at which a connection is cut, whatever its other end does in small steps until then."""

import socket
import threading
import time
from contextlib import suppress


class Deadline:
    """Of one exchange. Timeouts of a socket are those of one read or write: who sends a byte each second never meets them."""

    def __init__(self, at: float) -> None:
        """`at`: of time.monotonic()."""
        self._at = at
        self._changed = threading.Condition()
        self._socket: socket.socket | None = None
        self._is_over = False

    def __enter__(self) -> "Deadline":
        return self

    def __exit__(self, *_error: object) -> None:
        with self._changed:
            kept, self._socket = self._socket, None
            self._changed.notify()
        if kept is not None:
            kept.close()

    def left_s(self) -> float:
        """Seconds until then; a moment where it is over, as 0 would mean not to wait at all."""
        return max(self._at - time.monotonic(), 0.001)

    def is_over(self) -> bool:
        """Whether the time has come."""
        return self._is_over or time.monotonic() >= self._at

    def move_to(self, at: float) -> None:
        """To an earlier moment."""
        with self._changed:
            self._at = min(self._at, at)
            self._changed.notify()

    def cut(self, connection: socket.socket) -> None:
        """Have this connection cut then; by another handle of it, since TLS takes the first one over."""
        self._socket = connection.dup()
        threading.Thread(target=self._watch, name="deadline", daemon=True).start()

    def _watch(self) -> None:
        with self._changed:
            while self._socket is not None:
                left = self._at - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                self._is_over = True
                with suppress(OSError):  # it has ended by itself
                    self._socket.shutdown(socket.SHUT_RDWR)
                return
