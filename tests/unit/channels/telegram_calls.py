"""What a sender is given to say to the Bot API, and how it said it."""

import email.policy
import io
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

from chat4all.channels.channel import Target
from chat4all.channels.fates import NotSent, TryAgain
from chat4all.channels.outgoing import OutgoingFile
from tests.unit.channels.recorded_server import Answer, Asked, RecordedServer

TOKEN = f"7:{'t' * 35}"
PHOTO = OutgoingFile("f1", "image", 'Élan "1".png', "image/png", 200_000)
BYTES = bytes(range(256)) * 782
MESSAGE = {"message_id": 55, "date": 1, "chat": {"id": 9, "type": "private", "first_name": "Ann"}}
TAKEN = Answer({"ok": True, "result": MESSAGE})
DONE = Answer({"ok": True, "result": True})


class Files:
    """A MediaStore with one file; `ends_early`: S3 goes away after so many bytes."""

    ends_early: int | None = None
    opened: int = 0
    closed: int = 0

    def open(self, file: OutgoingFile) -> Any:
        """The bytes of PHOTO."""
        assert file.file_id == "f1"
        self.opened += 1
        return _Stream(self)

    def share_link(self, file: OutgoingFile) -> str:
        """A link for people."""
        return f"https://chat.example/files/{file.file_id}/x"


class _Stream:
    """As S3's: it can be read once, and neither be asked for its length nor wound back."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._bytes = io.BytesIO(BYTES[: PHOTO.size])
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        if self._files.ends_early is not None and self._read >= self._files.ends_early:
            raise NotSent(TryAgain("storage: gone"))
        chunk = self._bytes.read(size)
        self._read += len(chunk)
        return chunk

    def close(self) -> None:
        self._files.closed += 1


def target(telegram: RecordedServer, remaining_ms: int = 60_000) -> Target:
    return Target("a1", {"bot_token": TOKEN, "api_base": telegram.url}, "9", {}, lambda: remaining_ms)


def called(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The method, and its parameters; of a file (name, bytes)."""
    prefix, _, method = asked.path.rpartition("/")
    assert (asked.method, prefix) == ("POST", f"/bot{TOKEN}")
    kind = asked.headers["content-type"]
    if not kind.startswith("multipart/"):
        return method, dict(parse_qsl(asked.body.decode()))
    assert int(asked.headers["content-length"]) == len(asked.body)
    form = BytesParser(policy=email.policy.HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + asked.body)
    fields: dict[str, Any] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        fields[name] = (part.get_filename(), content) if part.get_filename() else content.decode()
    return method, fields


def refused(description: str, parameters: dict[str, Any] | None = None, status: int = 400) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return Answer(body | ({"parameters": parameters} if parameters else {}), status)
