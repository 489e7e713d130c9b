"""Files."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from chat4all.contract.documents.document import Document, Sha256, Time, Uuid, example
from chat4all.contract.documents.samples import ANA, FILE, LATER, NOW, SHA256
from chat4all.domain.upload import Sha256 as GivenSha256
from chat4all.validation import Parameters

_FACTS: dict[str, Any] = {
    "file_id": FILE,
    "filename": "score.pdf",
    "content_type": "application/pdf",
    "kind": "document",
    "status": "completed",
    "size": 48213,
}
_FILE = _FACTS | {"owner_id": ANA, "created_at": NOW, "sha256": SHA256}
_ADDRESS = "https://bucket.s3.amazonaws.com/files/…?X-Amz-Signature=…"
_PART = {"number": 1, "size": 16777216, "url": _ADDRESS, "headers": {}}

Kind = Literal["image", "video", "audio", "voice", "document", "sticker", "animation"]
Bytes = Annotated[int, Field(ge=0)]


class FileUpload(Parameters):
    """Form of POST /v1/files (`chat4all.http.file_form`): up to 4 MiB."""

    file: Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]
    """The bytes, with their name and type."""
    kind: Kind | None = None
    """As its type can be."""
    sha256: GivenSha256 | None = None
    """Checked where it is given."""


class ImageSize(Document):
    """As it is seen, in pixels."""

    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]


class _Named(Document):
    file_id: Uuid
    filename: str
    content_type: str
    kind: Kind
    size: Bytes | None = None
    """Bytes, where it is known."""
    reason: str | None = None
    """Of a file that failed: a stable word, a colon and a text."""
    image: ImageSize | None = None
    """Of an image, soon after its bytes are there."""


class MessageFile(_Named):
    """What a message shows of a file."""

    model_config = example(_FACTS)

    status: Literal["pending", "verifying", "completed", "failed"]
    """pending: its bytes are on their way; verifying: they are being checked."""


class UploadProgress(Document):
    """How far an upload is, for its owner."""

    part_size: Bytes
    part_count: Annotated[int, Field(ge=1)]
    arrived: list[int]
    """Numbers of the parts that are there whole."""
    arrived_bytes: Bytes
    expires_at: Time
    part_checksum: Literal["sha256"] | None = None
    """As it was said at the beginning, as is `sha256`."""
    sha256: Sha256 | None = None


class Verification(Document):
    """How far the bytes are checked."""

    checked_bytes: Bytes


class File(MessageFile):
    """A file."""

    model_config = example(_FILE)

    owner_id: Uuid
    created_at: Time
    sha256: Sha256 | None = None
    upload: UploadProgress | None = None
    """Of a pending upload, for its owner."""
    verification: Verification | None = None
    """Of an upload that is being checked, for its owner."""


class FileDownload(_Named):
    """Addresses of the bytes, for whoever has them, until `expires_at`. `Range` works."""

    model_config = example(
        {name: value for name, value in _FACTS.items() if name != "status"} | {"url": _ADDRESS, "expires_at": LATER}
    )

    url: str
    """For GET only."""
    expires_at: Time
    thumbnail_url: str | None = None
    """Of an image that has one."""


class SignedPart(Document):
    """Where to PUT a part, and with which headers."""

    model_config = example(_PART)

    number: Annotated[int, Field(ge=1, le=10_000)]
    size: Bytes
    url: str
    headers: dict[str, str]


class SignedParts(Document):
    """Addresses of parts."""

    model_config = example({"parts": [_PART], "expires_at": LATER})

    parts: list[SignedPart]
    expires_at: Time
    """Of the addresses."""


class Upload(File):
    """A file that was begun, and how it is cut."""

    model_config = example(
        {name: value for name, value in _FILE.items() if name != "sha256"}
        | {
            "status": "pending",
            "part_size": 16777216,
            "part_count": 1,
            "parts": [_PART],
            "expires_at": LATER,
            "upload_expires_at": LATER,
        }
    )

    part_size: Bytes
    part_count: Annotated[int, Field(ge=1)]
    part_checksum: Literal["sha256"] | None = None
    parts: list[SignedPart]
    """The first 100; none where each needs a checksum."""
    expires_at: Time
    """Of the addresses."""
    upload_expires_at: Time
