"""Lines no longer than CloudWatch Logs takes in one event."""

LINE_BYTES = 262_144 - 26
"""256 KB, of which each event costs 26 bytes (CloudWatch Logs quotas)."""


class LineLimit:
    """Breaks the longer lines of one stream of output; each piece is then a line of its own, as Lambda sends them."""

    def __init__(self, most: int = LINE_BYTES) -> None:
        self._most = most
        self._open = 0
        """Bytes of the line that has begun and not ended."""

    def feed(self, data: bytes) -> bytes:
        """The data with the newlines that are missing."""
        end = data.find(b"\n")
        first = len(data) if end < 0 else end
        if self._open + first <= self._most and len(data) <= self._most:
            self._open = self._open + len(data) if end < 0 else len(data) - data.rfind(b"\n") - 1
            return data
        *whole, rest = data.split(b"\n")
        broken = [self._broken(line, ends=True) for line in whole]
        return b"\n".join([*broken, self._broken(rest, ends=False)])

    def _broken(self, line: bytes, *, ends: bool) -> bytes:
        pieces = []
        while self._open + len(line) > self._most:
            room = self._most - self._open
            pieces.append(line[:room])
            line, self._open = line[room:], 0
        pieces.append(line)
        self._open = 0 if ends else self._open + len(line)
        return b"\n".join(pieces)
