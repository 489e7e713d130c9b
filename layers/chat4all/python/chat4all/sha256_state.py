"""SHA-256 that goes on in another process: its state is a text.

hashlib cannot say its state; rehashes can (docs/decisions/0028).
"""

import base64
import binascii
from functools import cache
from importlib.metadata import version

import rehashes


class Sha256:
    """Hash of the bytes that were given so far."""

    def __init__(self, state: str | None = None) -> None:
        """Begin, or go on from `state`.

        Raises:
            ValueError: it is no state, or that of another version of rehashes, which may write it in another way.
        """
        self._hasher = rehashes.PySha256() if state is None else _resumed(state)

    def update(self, chunk: bytes) -> None:
        """Add bytes. Other threads wait meanwhile, 5 ms for 8 MiB where the processor has SHA instructions."""
        self._hasher.update(chunk)

    def state(self) -> str:
        """`<version of rehashes>:<base64 of 104 bytes>`."""
        return f"{_version()}:{base64.b64encode(self._hasher.serialize()).decode()}"

    def hexdigest(self) -> str:
        """In hex, of all bytes; nothing can be added after it."""
        return str(self._hasher.finalize())


def _resumed(state: str) -> "rehashes.PySha256":
    written_by, _, text = state.partition(":")
    if written_by != _version():
        raise ValueError(f"the state is of rehashes {written_by}, not {_version()}")
    try:
        return rehashes.PySha256.deserialize(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{text[:200]!r} is no state of SHA-256: {error}") from error


@cache
def _version() -> str:
    return version("rehashes")
