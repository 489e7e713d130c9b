"""Changes of a message, as rules: an edit, an unsend or a reaction is an entry of the conversation's own sequence.

So a change has everything that a message has: a number, a place in the order, an outbox, one routing. The message holds its
newest state and, as `revision`, the number of the entry that made it (0: as it was sent). An entry names the revision that it
was made from, its `base`, and applies only to that: of two changes made from one state one wins, and nothing acknowledged
is overwritten by somebody who had not seen it. A reaction names, in the same way, its user's own reactions before it, and leaves
`revision` alone (domain.reactions).
"""

VOID = "void"
"""Type of a number that was taken and abandoned."""
EDIT = "edit"
DELETE = "delete"
REACT = "react"
"""Content of the entry: all emojis of its sender on the message from then on."""
FILE_SETTLED = "file_settled"
"""The bytes of a message's file have come, or will not; what was said stays as it is."""
CHANGES = frozenset({EDIT, DELETE, REACT, FILE_SETTLED})


def is_message(kind: str) -> bool:
    """Whether an entry of this type is something that was said."""
    return kind != VOID and kind not in CHANGES


def is_pending(base: int, revision: int) -> bool:
    """Whether a change made from `base` is still to be applied, to a message (or a user's reactions) that stands at `revision`.

    Revisions only grow, so what is not pending is decided for ever: applied, or overtaken.
    """
    return revision == base
