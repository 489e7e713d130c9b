"""Who may read a file: its owner, and the members of the conversations in which it stands. An unsent message shows no file."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from chat4all.errors import Conflict, FieldError, NotFound
from chat4all.stores.files import COMPLETED, FAILED, VERIFYING, File, FileUse, find_file, place_of
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message

_USES_AT_ONCE = 50


def readable(user_id: str, file_id: str) -> File:
    """The file, for whoever may read it: 1 read unit for the owner, and for others those of its uses.

    Raises:
        NotFound: there is none, or it is none of theirs: nobody learns which.
    """
    file = find_file(file_id)
    if file is not None and (file.owner_id == user_id or _is_shown_to(user_id, file_id)):
        return file
    raise NotFound("No such file")


def all_readable(user_id: str, file_ids: Sequence[str]) -> list[File]:
    """The files, in this order, for whoever may read every one of them: the units of `readable` for each, in one call.

    Raises:
        NotFound: of one of several, saying which.
    """
    if len(file_ids) == 1:
        return [readable(user_id, file_ids[0])]
    read = File.batch_get(list(file_ids), consistent_read=True)
    found = {str(file.file_id): file for file in read if not file.leaving}
    for number, file_id in enumerate(file_ids):
        file = found.get(file_id)
        if file is None or (file.owner_id != user_id and not _is_shown_to(user_id, file_id)):
            raise NotFound(f"No such file: {file_id}", errors=(FieldError(f"/file_ids/{number}", "there is none"),))
    return [found[file_id] for file_id in file_ids]


def check_all_completed(files: Sequence[File]) -> None:
    """Whether the bytes of each are there.

    Raises:
        Conflict: as `check_completed`; of several it says which of them are not.
    """
    if len(files) == 1:
        check_completed(files[0])
        return
    missing = [(number, file) for number, file in enumerate(files) if file.status != COMPLETED]
    if not missing:
        return
    failed = any(file.status == FAILED for _, file in missing)
    errors = tuple(FieldError(f"/file_ids/{number}", _why_not(file)) for number, file in missing)
    detail = "; ".join(f"{file.file_id} ({file.filename}): {_why_not(file)}" for _, file in missing)
    raise Conflict(detail, code="file_failed" if failed else "file_pending", errors=errors)


def check_completed(file: File) -> None:
    """Whether the bytes are there.

    Raises:
        Conflict: `file_pending`: not yet; `file_failed`: they never came, with the reason.
    """
    if file.status != COMPLETED:
        raise Conflict(_why_not(file), code="file_failed" if file.status == FAILED else "file_pending")


def facts(file: File) -> dict[str, Any]:
    """What a message shows of it: {file_id, filename, content_type, kind, status, size?, reason?, image?: {width, height}}."""
    shown: dict[str, Any] = {
        "file_id": file.file_id,
        "filename": file.filename,
        "content_type": file.content_type,
        "kind": file.kind,
        "status": file.status,
    }
    if file.size is not None:
        shown["size"] = int(file.size)
    if file.reason:
        shown["reason"] = file.reason
    if file.width and file.height:  # of an image, once file_previews has measured it
        shown["image"] = {"width": int(file.width), "height": int(file.height)}
    return shown


def note_uses(file_ids: Sequence[str], conversation_id: str, seq: int) -> None:
    """Write down where the files are about to be sent; the same again changes nothing. A write unit each."""
    place = place_of(conversation_id, seq)
    uses = [FileUse(file_id, place, conversation_id=conversation_id, seq=seq) for file_id in file_ids]
    if len(uses) == 1:
        uses[0].save()
        return
    with FileUse.batch_write() as batch:
        for use in uses:
            batch.save(use)


def messages_with(file_id: str, uses: Iterable[FileUse]) -> list[Message]:
    """The messages of `uses` that stand and show the file."""
    keys = sorted({(use.conversation_id, int(use.seq)) for use in uses})
    found = Message.batch_get(keys, consistent_read=True) if keys else ()
    return [m for m in found if any(shown["file_id"] == file_id for shown in m.files())]


def uses_of(file_id: str) -> Iterable[list[FileUse]]:
    """Where it was sent, some at a time."""
    uses = iter(FileUse.query(file_id, consistent_read=True, page_size=_USES_AT_ONCE))
    while some := list(islice(uses, _USES_AT_ONCE)):
        yield some


def is_shown(file_id: str) -> bool:
    """Whether it stands in any message of a conversation that is there."""
    return any(_are_there(messages_with(file_id, uses)) for uses in uses_of(file_id))


def _are_there(messages: Iterable[Message]) -> bool:
    """Messages stay where their conversation was deleted, and nobody reads them."""
    conversations = sorted({message.conversation_id for message in messages})
    return any(True for _ in Head.batch_get(conversations, consistent_read=True)) if conversations else False


def _why_not(file: File) -> str:
    if file.status == FAILED:
        return f"There are no bytes of this file: {file.reason}"
    if file.status == VERIFYING:
        return "The file is here, and is still being checked. Try again."
    return "The file is still on its way to us. Try again."


def _is_shown_to(user_id: str, file_id: str) -> bool:
    return any(messages_with(file_id, _of_member(user_id, uses)) for uses in uses_of(file_id))


def _of_member(user_id: str, uses: list[FileUse]) -> list[FileUse]:
    keys = [(conversation_id, user_id) for conversation_id in sorted({use.conversation_id for use in uses})]
    mine = {member.conversation_id for member in Member.batch_get(keys, consistent_read=True)}
    return [use for use in uses if use.conversation_id in mine]
