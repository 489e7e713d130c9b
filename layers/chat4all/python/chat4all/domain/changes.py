"""Changes of a message, as rules: an edit or an unsend is an entry of the conversation's own sequence.

So a change has everything that a message has: a number, a place in the order, an outbox, one routing. The message holds its
newest state and, as `revision`, the number of the entry that made it (0: as it was sent). An entry names the revision that it
was made from, its `base`, and applies only to that: of two changes made from one state one wins, and nothing acknowledged
is overwritten by somebody who had not seen it.
"""

VOID = "void"
"""Type of a number that was taken and abandoned."""
EDIT = "edit"
DELETE = "delete"
FILE_SETTLED = "file_settled"
"""The bytes of a message's file have come, or will not; what was said stays as it is."""
CHANGES = frozenset({EDIT, DELETE, FILE_SETTLED})


def is_message(kind: str) -> bool:
    """Whether an entry of this type is something that was said."""
    return kind != VOID and kind not in CHANGES


def is_pending(base: int, revision: int) -> bool:
    """Whether a change made from `base` is still to be applied, to a message that stands at `revision`.

    Revisions only grow, so what is not pending is decided for ever: applied, or overtaken.
    """
    return revision == base
