"""Ids of what we make of one message of a provider's: several contacts or attachments in it are several messages of ours, or
several parts of one.

The first has the provider's own id; each further one has it with a number of ours behind it (`mid#1`).
"""


def piece_id(whole_id: str, number: int) -> str:
    """Our external id of the piece with that number, from 0."""
    return f"{whole_id}#{number}" if number else whole_id


def whole_id(external_id: str) -> str:
    """The provider's own id of the message that a piece is of."""
    return external_id.partition("#")[0]
