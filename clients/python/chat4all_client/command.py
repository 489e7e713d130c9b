"""The command: upload, download, cancel. What is asked for goes to standard output, how it stands to standard error."""

import argparse
import asyncio
import getpass
import os
import shlex
import signal
import sys
from collections.abc import Sequence

from chat4all_client.api import Json
from chat4all_client.client import Client
from chat4all_client.errors import ClientError, FileChanged, Unreachable
from chat4all_client.progress_lines import Lines, lines_for
from chat4all_client.transfers import Settings

DONE, REFUSED, WRONG_USE, LATER, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes; LATER: nothing got through, and the same command goes on; 130: as shells have it after Ctrl-C."""


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the process."""
    arguments = _parser().parse_args(given)
    lines = lines_for(arguments.json, arguments.quiet)
    try:
        asyncio.run(_until_done(arguments, lines))
    except (KeyboardInterrupt, asyncio.CancelledError):
        lines.failed("interrupted", "Interrupted: what has arrived is kept", _again(arguments))
        return INTERRUPTED
    except (Unreachable, FileChanged) as error:
        lines.failed(type(error).__name__, str(error), _again(arguments))
        return LATER if isinstance(error, Unreachable) else REFUSED
    except (ClientError, OSError) as error:
        lines.failed(getattr(error, "code", type(error).__name__), str(error), None)
        return REFUSED
    except _WrongUse as error:
        lines.failed("usage", str(error), None)
        return WRONG_USE
    return DONE


class _WrongUse(Exception):
    pass


async def _until_done(arguments: argparse.Namespace, lines: Lines) -> None:
    """Ended by Ctrl-C, and by SIGTERM in the same way."""
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    async with _client(arguments) as client:
        if arguments.command == "cancel":
            lines.cancelled(await client.cancel_upload(arguments.file))
        elif arguments.command == "upload":
            lines.completed(await _uploaded(client, arguments, lines))
        else:
            path = await client.download(
                arguments.file_id, arguments.to, overwrite=arguments.force, on_progress=lines.progress
            )
            lines.completed({"file_id": arguments.file_id, "path": str(path)})


async def _uploaded(client: Client, arguments: argparse.Namespace, lines: Lines) -> Json:
    names = ("filename", "content_type", "kind", "part_size", "file_id")
    said = {name: getattr(arguments, name) for name in names}
    return await client.upload(arguments.file, on_progress=lines.progress, **said)


def _client(arguments: argparse.Namespace) -> Client:
    if not arguments.url:
        raise _WrongUse("Where is the server? --url, or CHAT4ALL_URL")
    settings = Settings(arguments.parallel, arguments.patience)
    password = None
    if not arguments.token:
        if not arguments.username:
            raise _WrongUse("Who are you? --username, CHAT4ALL_USERNAME or CHAT4ALL_TOKEN")
        password = os.environ.get("CHAT4ALL_PASSWORD")
        if password is None:
            if not sys.stdin.isatty():
                raise _WrongUse("There is no password: set CHAT4ALL_PASSWORD")
            password = getpass.getpass(f"Password of {arguments.username}: ")
    try:
        return Client(
            arguments.url, token=arguments.token, username=arguments.username, password=password, settings=settings
        )
    except ValueError as error:
        raise _WrongUse(str(error)) from error


def _again(arguments: argparse.Namespace) -> str:
    """The command that goes on: without what the environment says, and without secrets."""
    words = ["python", "-m", "chat4all_client", arguments.command]
    words += [arguments.file_id, "--to", arguments.to] if arguments.command == "download" else [arguments.file]
    names = {"url": "CHAT4ALL_URL", "username": "CHAT4ALL_USERNAME"}
    for name, variable in names.items():
        value = getattr(arguments, name)
        if value and value != os.environ.get(variable):
            words += [f"--{name}", value]
    return shlex.join(words)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    environ = os.environ
    common.add_argument("--url", default=environ.get("CHAT4ALL_URL"), help="of the HTTP API (CHAT4ALL_URL)")
    common.add_argument("--username", default=environ.get("CHAT4ALL_USERNAME"), help="CHAT4ALL_USERNAME")
    common.add_argument("--parallel", type=_count, default=4, help="parts at once (4)")
    common.add_argument("--patience", type=float, default=300.0, help="seconds in which nothing may get through (300)")
    common.add_argument("--json", action="store_true", help="a line of JSON for each step, on standard output")
    common.add_argument("--quiet", action="store_true", help="no progress")
    common.set_defaults(token=environ.get("CHAT4ALL_TOKEN"))
    parser = argparse.ArgumentParser(
        prog="python -m chat4all_client", description="Files up and down.",
        epilog="The password is read from CHAT4ALL_PASSWORD, an access token from CHAT4ALL_TOKEN.",
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True)
    upload = commands.add_parser("upload", parents=[common], help="upload a file, or go on with it")
    upload.add_argument("file")
    upload.add_argument("--filename", help="its name for others")
    upload.add_argument("--content-type", help="by default as its name says")
    upload.add_argument("--kind", help="image, video, audio, voice, document, sticker or animation")
    upload.add_argument("--part-size", type=int, help="bytes")
    upload.add_argument("--file-id", help="go on with this upload, which was begun on another machine")
    download = commands.add_parser("download", parents=[common], help="get a file, or go on with it")
    download.add_argument("file_id")
    download.add_argument("--to", default=".", help="file or folder (this one)")
    download.add_argument("--force", action="store_true", help="replace what is there")
    cancel = commands.add_parser("cancel", parents=[common], help="give up an upload that was left")
    cancel.add_argument("file")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError("from 1 to 64")
    return number
