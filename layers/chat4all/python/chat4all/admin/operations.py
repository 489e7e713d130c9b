"""What operators change is recorded before it begins, and not done where that fails: `with operated(Action.…, target):`."""

import getpass
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chat4all.admin.errors import AdminError
from chat4all.bootstrap import app
from chat4all.domain.audit import Action, Entry, Origin, Outcome
from chat4all.errors import DomainError, Unavailable


@contextmanager
def operated(action: Action, target: str, **details: str | int) -> Iterator[None]:
    """Record that the operator begins, and how it ended. Errors of the domain become what the operator is told.

    Raises:
        AdminError: it is not known who the operator is, or the record cannot be kept: nothing was done.
    """
    actor, origin = operator(), Origin(user_agent=f"{getpass.getuser()}@{socket.gethostname()}")
    begun = Entry(action, Outcome.BEGUN, actor, origin, target=target, details=details)
    try:
        app().audit.write(begun, {})
    except Unavailable as error:
        raise AdminError(f"{error.detail}; nothing was done") from error
    outcome, code = Outcome.DONE, None
    try:
        yield
    except BaseException as error:  # Ctrl-C too: a part of it may be done
        outcome, code = Outcome.FAILED, str(getattr(error, "code", type(error).__name__))
        if isinstance(error, DomainError):
            raise AdminError(error.detail) from error
        raise
    finally:
        app().audit.record(Entry(action, outcome, actor, origin, code, target, details), {})


def operator() -> str:
    """`operator:<ARN>` of the credentials in use. Raises AdminError."""
    return f"operator:{_who()}"


def _who() -> str:
    """The ARN of the credentials in use, as AWS says it."""
    try:
        return str(boto3.client("sts").get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError) as error:
        raise AdminError(f"AWS does not say whose credentials these are: {error}") from error
