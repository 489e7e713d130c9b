"""`dead-letters list|show|replay`: what consumers could not take, and sending it to them again."""

from typing import Any


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    noun = nouns.add_parser("dead-letters", help="records that consumers could not take", description=__doc__)
    noun.add_subparsers(metavar="VERB", required=True)
