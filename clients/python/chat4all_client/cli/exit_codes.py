"""How a command ends, told by its exit code. The one list of them; docs/cli.md is written from it."""

import errno
import os
from collections.abc import Mapping
from enum import IntEnum

import click
import httpx

from chat4all_client.errors import ApiError, ClientError, NotSignedIn, SignInRefused, Unreachable
from chat4all_client.live.session import SignedOut


class Exit(IntEnum):
    """Codes of the process."""

    DONE = 0
    REFUSED = 1
    WRONG_USE = 2
    LATER = 3
    SIGN_IN = 4
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.DONE: "done",
    Exit.REFUSED: "refused, by the server or by this machine (a full disk, a file that is not there): the same again is, too",
    Exit.WRONG_USE: "wrong use: nothing was asked of anybody",
    Exit.LATER: "unreachable, or to come back later: the same command goes on where this one stopped",
    Exit.SIGN_IN: "sign-in needed: `chat4all login`",
    Exit.INTERRUPTED: "Ctrl-C or SIGTERM: what has arrived is kept, and the same command goes on",
}


class WrongUse(ClientError):
    """What was asked makes no sense; the text says what does."""


def exit_of(error: BaseException) -> Exit:
    """The code for what ended a command."""
    match error:
        case KeyboardInterrupt() | click.Abort():
            return Exit.INTERRUPTED
        case WrongUse() | click.ClickException() | ValueError():
            return Exit.WRONG_USE
        case SignInRefused() | NotSignedIn() | SignedOut():
            return Exit.SIGN_IN
        case ApiError(status=httpx.codes.UNAUTHORIZED):
            return Exit.SIGN_IN
        case Unreachable() | httpx.TransportError():
            return Exit.LATER
        case ApiError(status=status) if status in (408, 429) or status >= 500:
            return Exit.LATER
    return Exit.REFUSED


def problem_of(error: BaseException) -> dict[str, object]:
    """The error as a problem document (RFC 9457), as the API itself answers: what `--json` prints on standard error."""
    if isinstance(error, ApiError):
        return {"status": error.status, "code": error.code, "detail": error.detail} | error.problem
    return {"code": _word(error), "detail": text_of(error)}


def text_of(error: BaseException) -> str:
    """For a person."""
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return "Interrupted: what has arrived is kept"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" ({os.fsdecode(error.filename)})" if error.filename is not None else ""
        return f"The disk is full{where}: make room, then the same command goes on"
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return str(error) or type(error).__name__


def _word(error: BaseException) -> str:
    code = exit_of(error)
    words = {
        Exit.INTERRUPTED: "interrupted",
        Exit.WRONG_USE: "usage",
        Exit.SIGN_IN: "sign_in_needed",
        Exit.LATER: "unreachable",
    }
    return words.get(code, type(error).__name__)
