"""Files on the real engines, and people who send them to one another."""

import base64
import uuid
from dataclasses import dataclass
from typing import Any

from chat4all.bootstrap import App
from chat4all.channels.media import MediaStore
from chat4all.file_bucket import FileBucket
from chat4all.sending import Accepted, Send
from tests.contract.handlers import Answer, request
from tests.contract.messaging import Messaging

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One pixel."""
BOUNDARY = "----boundary"


def part(name: str, value: bytes, more: str = "") -> bytes:
    """One part of a form."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A body of these parts."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def file_part(body: bytes, filename: str, content_type: str | None) -> bytes:
    """The part `file`, as browsers write it."""
    name = filename.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    said = f"\r\nContent-Type: {content_type}" if content_type else ""
    return part("file", body, f'; filename="{name}"{said}')


@dataclass
class FileWorld:
    """One deployment."""

    app: App
    bucket: FileBucket
    messaging: Messaging

    @property
    def media(self) -> MediaStore:
        """As connectors have it."""
        return MediaStore(self.bucket, "https://chat.example", 600)

    def post(self, owner: str, body: bytes, **headers: str) -> Answer:
        """POST /v1/files with this body."""
        said = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"} | headers
        return request("files", "POST", "/v1/files", binary=body, caller=owner, headers=said)

    def upload(
        self, owner: str, body: bytes = PNG, filename: str = "dot.png", content_type: str | None = "image/png"
    ) -> dict[str, Any]:
        """A file of `owner`."""
        answer = self.post(owner, form(file_part(body, filename, content_type)))
        assert answer.status == 201, answer.body
        return dict(answer.body)

    def ask(self, method: str, file_id: str, caller: str | None, more: str = "") -> Answer:
        """A request about a file."""
        return request("files", method, f"/v1/files/{file_id}{more}", caller=caller)

    def send(
        self, sender: str, conversation: str, files: str | tuple[str, ...], caption: str = "", **fields: Any
    ) -> Accepted:
        """Send the file, or several."""
        file_ids = (files,) if isinstance(files, str) else files
        command = Send(sender, conversation, "file", caption, file_ids=file_ids, **fields)
        return self.messaging.sending.send(command, limited=False)


def file_world(app: App, bucket: str) -> FileWorld:
    """`app` with its files in `bucket`, and its tables bound."""
    files = app.__dict__["file_bucket"] = FileBucket(bucket)
    app.files  # noqa: B018 - binds its tables
    return FileWorld(app, files, Messaging())


def new_file_id() -> str:
    """An id that no file has."""
    return str(uuid.uuid4())
