"""A person on Telegram who talks to a bot of ours, and files for both."""

import uuid
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from chat4all.channels.channel import Target
from chat4all.channels.outgoing import OutgoingFile, Part
from chat4all.channels.telegram import account
from chat4all.channels.telegram.send import Sender
from tests.contract.channel_world import until


def picture(width: int = 64, height: int = 48) -> bytes:
    """A PNG."""
    made = BytesIO()
    Image.effect_noise((width, height), 90).save(made, "PNG")
    return made.getvalue()


PNG = picture()
MP4 = b"\0\0\0\x18ftypmp42" + bytes(500)
MP3 = b"ID3" + bytes(500)
OGG = b"OggS" + bytes(500)
GIF = b"GIF89a" + bytes(500)
WEBP = b"RIFF\0\0\0\0WEBP" + bytes(500)


class Files:
    """A MediaStore in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def add(self, content: bytes, kind: str, filename: str, content_type: str) -> OutgoingFile:
        """A file with that content."""
        file_id = str(uuid.uuid4())
        self.contents[file_id] = content
        return OutgoingFile(file_id, kind, filename, content_type, len(content))

    def open(self, file: OutgoingFile) -> Any:
        """A stream that is read once."""
        return BytesIO(self.contents[file.file_id])

    def share_link(self, file: OutgoingFile) -> str:
        """Where people find it."""
        return f"https://chat.example/files/{file.file_id}"


@dataclass
class Chat:
    """A phone in a chat with a bot of ours, whose webhook hears all."""

    url: str
    """Of the simulators."""
    to: Target
    phone: str
    """Its URL, in the phones' API."""
    sender: Sender
    files: Files
    heard: list[Any] = field(default_factory=list)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    def told(self, number: int) -> Any:
        """The `number`th thing that was told, in our words."""
        until(lambda: len(self.heard) > number, f"{number + 1} things are told")
        return self.heard[number].happening

    @property
    def _chat(self) -> str:
        return f"{self.phone}/chats/{account.key(self.to.settings)}"

    def act(self, method: str, path: str = "", body: Any = None, *, at: str | None = None) -> Any:
        """What the person does."""
        answer = self.http.request(method, f"{at or self._chat}{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def says(self, **content: Any) -> int:
        """message_id."""
        made = self.act("POST", "/messages", content)
        return int(made["message_id"]) if "message_id" in made else 0

    def sends(self, content: bytes, kind: str, name: str, **more: Any) -> int:
        """A file, as a person does: message_id."""
        uploaded = self.http.put(f"{self.phone}/uploads/{name}", content=content)
        assert uploaded.is_success, uploaded.text
        return self.says(media={"media_id": uploaded.json()["media_id"], "type": kind, **more})

    def messages(self) -> list[dict[str, Any]]:
        """What the phone shows."""
        return list(self.act("GET", "/messages")["items"])

    def send(self, *parts: Part, reply_to: str | None = None) -> dict[str, Any]:
        """Send them; the last, as the phone shows it."""
        sent = [self.sender.send(self.to, part, reply_to) for part in parts]
        return next(m for m in self.messages() if str(m["message_id"]) == sent[-1].external_id)

    def bytes_of(self, message: dict[str, Any]) -> bytes:
        """Of the file in a message."""
        return self.http.get(f"{self.url}{message['media']['url']}").content
