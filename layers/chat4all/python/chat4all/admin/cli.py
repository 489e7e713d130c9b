"""The command line of operators: `scripts/admin NOUN VERB`. It takes the settings that functions take, from the environment."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ConnectionError, HTTPClientError
from pynamodb.exceptions import PynamoDBException

from chat4all.admin import (
    administrator_commands,
    audit_commands,
    breaker_commands,
    dead_letter_commands,
    key_commands,
    parked_commands,
    topic_commands,
)
from chat4all.admin.errors import AdminError
from chat4all.config import ConfigurationError
from chat4all.errors import DomainError

NOUNS: Sequence[Callable[[Any], None]] = (
    dead_letter_commands.add_to,
    parked_commands.add_to,
    breaker_commands.add_to,
    key_commands.add_to,
    administrator_commands.add_to,
    audit_commands.add_to,
    topic_commands.add_to,
)
"""Each adds its noun to the subparsers, with `run` set to what carries a command out: arguments in, exit code out."""


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 done, 1 could not be done (one line on stderr says why), 2 wrong arguments."""
    parser = argparse.ArgumentParser("admin", description=__doc__)
    nouns = parser.add_subparsers(metavar="NOUN", required=True)
    for add_to in NOUNS:
        add_to(nouns)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except (AdminError, ConfigurationError, DomainError) as error:
        return _failed(str(error))
    except PynamoDBException as error:
        way_out = ": try again when it answers" if isinstance(error.cause, ConnectionError | HTTPClientError) else ""
        return _failed(f"DynamoDB did not carry it out: {error}{way_out}")
    except (BrokenPipeError, KeyboardInterrupt):
        return 1


def _failed(why: str) -> int:
    print(f"error: {why}", file=sys.stderr)
    return 1
