"""From what a caller says to a command: the same for HTTP and WebSocket."""

from chat4all.domain.message import MIRRORED, SendBody
from chat4all.errors import FieldError, Invalid
from chat4all.ids import derived_id, is_id
from chat4all.sending import Send


def send_command(user_id: str, body: SendBody, idempotency_key: str | None = None) -> Send:
    """The send that `user_id` asks for; an Idempotency-Key (any text) stands for message_id.

    Raises:
        Invalid: neither or both of conversation_id and chat_id, or of file_id and file_ids for type file, or any of these for
            another type; two different ids for the message.
    """
    if (body.conversation_id is None) == (body.chat_id is None):
        detail = "exactly one of conversation_id and chat_id is needed"
        raise Invalid(detail, errors=(FieldError("/conversation_id", detail),))
    key_id = _id_of_key(user_id, idempotency_key) if idempotency_key is not None else None
    if body.message_id and key_id and body.message_id != key_id:
        raise Invalid.at("/message_id", "differs from the Idempotency-Key")
    file_ids = _file_ids(body)
    if MIRRORED in (body.metadata or {}):
        raise Invalid.at(f"/metadata/{MIRRORED}", "is written by mirrors only")
    return Send(
        sender_id=user_id,
        conversation_id=body.conversation_id or body.chat_id or "",
        type=body.type,
        content=body.content,
        file_ids=file_ids,
        message_id=body.message_id or key_id,
        channels=tuple(body.channels) if body.channels else None,
        reply_to=body.reply_to,
        metadata=body.metadata,
    )


def _file_ids(body: SendBody) -> tuple[str, ...]:
    """What is sent, by whichever of the two names."""
    if body.type != "file":
        for name in ("file_id", "file_ids"):
            if getattr(body, name) is not None:
                raise Invalid.at(f"/{name}", f"goes with type file, not {body.type}")
        return ()
    if body.file_id is not None and body.file_ids is not None:
        raise Invalid.at("/file_ids", "excludes file_id")
    if body.file_id is None and body.file_ids is None:
        raise Invalid.at("/file_id", "it, or file_ids, is needed for type file")
    return (body.file_id,) if body.file_id is not None else tuple(body.file_ids or ())


def _id_of_key(user_id: str, key: str) -> str:
    return key if is_id(key) else derived_id(f"idempotency:{user_id}", key)
