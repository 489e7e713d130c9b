"""Mirrors: a message is said once more in another conversation, by whoever set the rule, and tells where it comes from.

Its id is derived, so it is said once however often it is asked for. What a mirror said is not mirrored again. Later edits,
reactions and unsends stay where they are made.
"""

from collections.abc import Mapping
from typing import Any

from chat4all.domain.changes import is_message
from chat4all.domain.message import MIRRORED
from chat4all.domain.roles import Role, may_manage
from chat4all.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from chat4all.ids import derived_id
from chat4all.logs import logger
from chat4all.memberships import member_of
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import MIRRORS_REFUSED
from chat4all.retries.trouble import Waiting
from chat4all.rules_in_force import seed_of
from chat4all.sending import Send, Sending
from chat4all.stores.files import FAILED, find_file
from chat4all.stores.messages import Message
from chat4all.stores.users import User


class FileOnItsWay(Waiting):
    """What is mirrored has a file that has not come yet."""

    wait_s = 3.0


class Mirrors:
    """Says messages once more. Costs what a send costs, and 4 read units."""

    def __init__(self, sending: Sending) -> None:
        self._sending = sending

    def mirror(self, data: Mapping[str, Any]) -> None:
        """Take a `chat4all.mirror.requested.v1`. What may not be said there is logged and counted.

        Raises:
            FileOnItsWay, Unavailable, PynamoDBException: it must come again.
        """
        message = _message(data)
        if message is None:
            return
        try:
            _check_manages(data["owner_id"], data["target_id"])
            self._sending.send(_command(data, message), limited=False)
        except Unavailable:
            raise
        except Conflict as error:
            if error.code == "file_pending":
                raise FileOnItsWay(error.detail) from error
            if error.code != "message_id_reused":  # by us, before the message was edited: it is there
                _refused(data, error)
        except (NotFound, Forbidden, Invalid) as error:
            _refused(data, error)


def _command(data: Mapping[str, Any], message: Message) -> Send:
    owner_id, target_id = data["owner_id"], data["target_id"]
    name = f"{message.conversation_id}:{int(message.seq)}:{target_id}"
    kind, content, file_ids = _said(message)
    return Send(
        sender_id=owner_id,
        conversation_id=target_id,
        type=kind,
        content=content,
        message_id=derived_id(f"mirror:{seed_of(owner_id)}", name),
        metadata={MIRRORED: _origin(message)},
        file_ids=file_ids,
    )


def _origin(message: Message) -> dict[str, Any]:
    """Who said it, and where."""
    found: dict[str, Any] = {
        "conversation_id": message.conversation_id,
        "message_id": message.message_id,
        "seq": int(message.seq),
        "sender_id": message.sender_id,
        "channel": message.channel,
    }
    try:
        sender = User.get(message.sender_id, attributes_to_get=["id", "display_name", "username"])
    except User.DoesNotExist:
        return found
    name = sender.display_name or sender.username
    return found | ({"sender_name": name} if name else {})


def _said(message: Message) -> tuple[str, Any, tuple[str, ...]]:
    """Type, content and file ids; a file that never came, or was deleted, is said by its name."""
    if message.type != "file":
        return message.type, message.content, ()
    there: list[str] = []
    content = message.content or ""
    for shown in message.files():
        file = find_file(shown["file_id"])
        if file is None or file.status == FAILED:
            content = f"{content} [{shown['filename']}]".strip()
        else:
            there.append(shown["file_id"])
    return ("file" if there else "text"), content, tuple(there)


def _message(data: Mapping[str, Any]) -> Message | None:
    """What is to be mirrored, as it is now; None where it was unsent, or said by a mirror itself."""
    try:
        message = Message.get(data["conversation_id"], int(data["seq"]), consistent_read=True)
    except Message.DoesNotExist:
        return None
    if not is_message(message.type) or message.deleted_at is not None or MIRRORED in (message.metadata or {}):
        return None
    return message


def _check_manages(owner_id: str, target_id: str) -> None:
    if not may_manage(Role(member_of(target_id, owner_id).role)):
        raise Forbidden("Only owners and admins have messages mirrored to a conversation")


def _refused(data: Mapping[str, Any], error: DomainError) -> None:
    logger.warning("not mirrored", target_id=data["target_id"], code=error.code, cause=error.detail)
    count(MIRRORS_REFUSED)
