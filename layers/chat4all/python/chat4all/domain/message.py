"""What may be sent: the content of each type of message, and its limits."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError

from chat4all.errors import FieldError, Invalid
from chat4all.ids import PATTERN, is_id
from chat4all.validation import Input, pointer

TEXT_MAX = 16_384
METADATA_MAX_BYTES = 2_048
MIRRORED = "mirrored_from"
"""In the metadata of what a mirror has said (chat4all.mirrors): nobody else may write it."""
CHANNELS = ("in_app", "telegram", "whatsapp", "messenger", "instagram")
TYPES = ("text", "file", "location", "contact")
FILES_MAX = 10
"""Of one message: as many as an album of Telegram holds (sendMediaGroup)."""


def _canonical_id(value: str) -> str:
    if not is_id(value):
        raise ValueError("must be a UUID in lower case")
    return value


Id = Annotated[str, AfterValidator(_canonical_id), Field(json_schema_extra={"format": "uuid", "pattern": PATTERN})]


class Location(Input):
    """Content of type location: degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    name: Annotated[str, StringConstraints(max_length=256)] | None = None
    address: Annotated[str, StringConstraints(max_length=512)] | None = None


class Contact(Input):
    """Content of type contact."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    phone: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    user_id: Annotated[str, StringConstraints(max_length=64)] | None = None


Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX)]
Caption = Annotated[str, StringConstraints(max_length=TEXT_MAX)]
_CONTENT: dict[str, TypeAdapter[Any]] = {
    "text": TypeAdapter(Text),
    "file": TypeAdapter(Caption),
    "location": TypeAdapter(Location),
    "contact": TypeAdapter(Contact),
}


def checked_content(kind: str, content: Any) -> Any:
    """`content` of a message of type `kind`, as it is stored (JSON). Of a file its caption, which may be left out.

    Raises:
        Invalid: with pointers below /content, or at /type where nothing of that type can be sent.
    """
    adapter = _CONTENT.get(kind)
    if adapter is None:
        detail = f"nothing of type {kind} can be sent yet; known: {', '.join(_CONTENT)}"
        raise Invalid.at("/type", detail, "unsupported_type")
    if kind == "file" and content is None:
        content = ""
    try:
        value = adapter.validate_python(content)
    except ValidationError as error:
        found = tuple(
            FieldError("/content" + pointer(e["loc"]), e["msg"])
            for e in error.errors(include_url=False, include_input=False)
        )
        raise Invalid(f"{found[0].pointer}: {found[0].detail}", errors=found) from error
    if isinstance(value, str):
        return _encodable(value)
    return value.model_dump(exclude_none=True)


def _encodable(text: str) -> str:
    """Text is stored as sent, but a lone surrogate is no Unicode text and could not be given back."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid.at("/content", f"a lone surrogate at character {error.start} is not Unicode text") from error
    return text


def _different(ids: list[str]) -> list[str]:
    if len(set(ids)) < len(ids):
        raise ValueError("names a file twice")
    return ids


ChannelName = Literal["in_app", "telegram", "whatsapp", "messenger", "instagram", "all"]


class EditBody(Input):
    """Body of PATCH /v1/messages/{id}."""

    content: Any
    revision: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    """The revision that the caller has seen: where it is another by now, nothing is changed (409)."""


class EditData(EditBody):
    """Data of the WebSocket action `edit`."""

    message_id: Id


class DeleteData(Input):
    """Data of the WebSocket action `delete`."""

    message_id: Id


class ReactData(Input):
    """Data of the WebSocket action `react`."""

    message_id: Id
    emoji: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    remove: bool = False


class SendBody(Input):
    """Body of POST /v1/messages and data of the WebSocket action `send`."""

    conversation_id: Id | None = None
    chat_id: Id | None = None
    """Another name for conversation_id."""
    type: Literal["text", "file", "location", "contact"]
    content: Any = None
    file_id: Id | None = None
    """Of type file: what is sent; `content` is its caption."""
    file_ids: Annotated[list[Id], Field(min_length=1, max_length=FILES_MAX), AfterValidator(_different)] | None = None
    """Of type file: several, in the order in which they are shown; one alone is the same as `file_id`."""
    channels: Annotated[list[ChannelName], Field(min_length=1, max_length=5)] | None = None
    reply_to: Id | None = None
    message_id: Id | None = None
    metadata: dict[str, Any] | None = None
