"""A file on its way to Telegram: read from S3 as it is sent, and never whole in memory."""

import io
import os
from collections.abc import Callable
from contextlib import suppress

from telegram import InputFile

from chat4all.channels.fates import NotSent
from chat4all.channels.outgoing import OutgoingFile
from chat4all.file_bucket import ByteStream


class Upload:
    """A stream as httpx reads files of a form: it asks for the length by seek and tell, goes to the start once, and reads."""

    def __init__(self, open_file: Callable[[], ByteStream], file: OutgoingFile) -> None:
        self._open = open_file
        self._stream: ByteStream | None = None
        """Opened by the first read: of an album the last file waits for all before it."""
        self._size = file.size
        self._at = 0
        self.trouble: NotSent | None = None
        """Why reading ended early: python-telegram-bot would call it Telegram's fault."""

    def form_field(self, filename: str, *, in_list: bool = False) -> InputFile:
        """What python-telegram-bot takes for the file; of a list the file is a field that the list names (`attach://`).

        A form has no way to quote `"` that every server reads.
        """
        plain = "".join(c if c.isprintable() else " " for c in filename.replace('"', "'"))
        return InputFile(self, filename=plain, attach=in_list, read_file_handle=False)  # type: ignore[arg-type]

    def rewind(self) -> None:
        """Be read from the start, by another call."""
        self.close()
        self._stream, self._at, self.trouble = None, 0, None

    def tell(self) -> int:
        """Bytes read so far."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Only what tells the length and changes nothing, and the start before anything was read."""
        if whence == os.SEEK_END and offset == 0:
            return self._size
        if whence == os.SEEK_SET and offset == self._at:
            return offset
        raise io.UnsupportedOperation("a file of S3's is read once, from its start")

    def read(self, size: int) -> bytes:
        """The next bytes; empty at the end."""
        try:
            if self._stream is None:
                self._stream = self._open()
            chunk = self._stream.read(size)
        except NotSent as error:
            self.trouble = error
            raise
        self._at += len(chunk)
        return chunk

    def close(self) -> None:
        """Let go of the connection to S3."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
