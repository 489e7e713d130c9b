"""Sending and reading messages."""

import shlex
import sys
import uuid
from pathlib import Path
from typing import Any

import click

from chat4all_client.api import Api, every
from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.cli.given import Given
from chat4all_client.cli.message_lines import line_of
from chat4all_client.cli.names import conversation_id_of
from chat4all_client.cli.output import Output, one_line
from chat4all_client.cli.parameter import json_of
from chat4all_client.cli.special import special
from chat4all_client.client import Client
from chat4all_client.operation_table import OPERATIONS
from chat4all_client.progress_lines import lines_for

Json = dict[str, Any]
_TRANSFER_PATIENCE_S = 300.0
_CHANNELS = ("in_app", "telegram", "whatsapp", "messenger", "instagram", "all")
_NAMES_AT_ONCE = 100


def _send_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["conversation"], metavar="CONVERSATION"),
        click.Argument(["text"], required=False, metavar="[TEXT]"),
        click.Option(
            ["--file", "files"],
            multiple=True,
            type=click.Path(),
            help="Upload and send it; TEXT is the caption. May be repeated.",
        ),
        click.Option(["--file-id", "file_ids"], multiple=True, help="Send a file that is uploaded. May be repeated."),
        click.Option(
            ["--type", "kind"],
            type=click.Choice(["text", "location", "contact"]),
            default="text",
            help="TEXT is JSON where it is no text.",
        ),
        click.Option(["--reply-to"], metavar="MESSAGE", help="What it answers."),
        click.Option(
            ["--channel", "channels"],
            multiple=True,
            type=click.Choice(_CHANNELS),
            help="Ways to go, in the place of the routing rules. May be repeated.",
        ),
        click.Option(["--metadata"], help="A JSON object, @FILE or -."),
        click.Option(["--message-id"], help="Its id, chosen before: a repeat is the same message."),
    ]


@special(
    "send",
    operations=("sendMessage", "initiateUpload", "signUploadParts", "completeUpload"),
    parameters=_send_parameters,
)
async def send(given: Given, conversation: str, text: str | None, files: tuple[str, ...], **said: Any) -> None:
    """Send a message: TEXT, or - for what comes on standard input."""
    body = _body(conversation, text, said, has_files=bool(files))
    done: list[str] = []
    try:
        async with given.client(patience_s=_TRANSFER_PATIENCE_S if files else 30.0) as client:
            for path in files:
                done.append(await _uploaded(client, given, path))  # noqa: PERF401 - what is there counts when the next fails
            if ids := [*said["file_ids"], *done]:
                body |= {"type": "file", "file_ids": ids}
            body["conversation_id"] = await conversation_id_of(client.api, conversation)
            answer = await client.api.ask(OPERATIONS["sendMessage"], body=body, key=body["message_id"])
    except BaseException as error:
        # The same message, and nothing uploaded twice: the id and what has arrived stand in the command that goes on.
        error.again = _again(given, body, text, [*said["file_ids"], *done], files[len(done) :], said)  # type: ignore[attr-defined]
        raise
    output = Output(given.as_json)
    if given.as_json:
        output.line(answer)
    else:
        output.text(answer["message_id"])


def _body(conversation: str, text: str | None, said: Json, *, has_files: bool) -> Json:
    with_files = has_files or bool(said["file_ids"])
    if text is None and not with_files:
        raise WrongUse("What is to be sent? TEXT, - for standard input, --file or --file-id")
    content: Any = _standard_input() if text == "-" else text or ""
    if said["kind"] != "text":
        content = json_of(content, "TEXT")
    body = {"conversation_id": conversation, "type": said["kind"], "content": content}
    body["message_id"] = said["message_id"] or str(uuid.uuid4())
    optional = {"reply_to": said["reply_to"], "channels": list(said["channels"])}
    if said["metadata"]:
        optional["metadata"] = json_of(said["metadata"], "--metadata")
    return body | {name: value for name, value in optional.items() if value}


def _standard_input() -> str:
    """As it is, but for the line's end that every tool puts at the end of its output."""
    data = sys.stdin.buffer.read()
    try:
        return data.decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise WrongUse(f"Standard input is no UTF-8 text at byte {error.start}: send it with --file") from error


async def _uploaded(client: Client, given: Given, path: str) -> str:
    lines = lines_for(given.as_json, given.quiet or given.as_json)
    file = await client.upload(Path(path), on_progress=lines.progress)
    lines.end_line()
    return one_line(str(file["file_id"]))


def _again(given: Given, body: Json, text: str | None, file_ids: list[str], files: tuple[str, ...], said: Json) -> str:
    words = ["chat4all", "send", body["conversation_id"], *([text] if text is not None else [])]
    words += ["--message-id", body["message_id"]]
    for flag, values in (("--file-id", file_ids), ("--file", files), ("--channel", said["channels"])):
        words += [word for value in values for word in (flag, value)]
    for flag, value in (
        ("--reply-to", said["reply_to"]),
        ("--metadata", said["metadata"]),
        ("--profile", given.profile),
    ):
        words += [flag, value] if value and value != "default" else []
    words += ["--type", said["kind"]] if said["kind"] != "text" else []
    return shlex.join([*words, *(["--url", given.url] if given.url else [])])


def _history_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["conversation"], metavar="CONVERSATION"),
        click.Option(
            ["--limit"], type=click.IntRange(1), default=20, show_default=True, help="So many messages at most."
        ),
        click.Option(["--all", "everything"], is_flag=True, help="All there are."),
        click.Option(["--before", "before_seq"], type=click.IntRange(1), help="Older than this number."),
        click.Option(["--after", "after_seq"], type=click.IntRange(0), help="Newer than this number, oldest first."),
    ]


@special("history", operations=("listMessages", "findUsers"), parameters=_history_parameters)
async def history(
    given: Given, conversation: str, limit: int, everything: bool, before_seq: int | None, after_seq: int | None
) -> None:
    """What was said, oldest first; with --json newest first (with --after oldest first), a message in each line."""
    if before_seq is not None and after_seq is not None:
        raise WrongUse("Either --before or --after")
    wanted = None if everything else limit
    output, found = Output(given.as_json), []
    query = {"before_seq": before_seq, "after_seq": after_seq}
    async with given.client() as client:
        where = await conversation_id_of(client.api, conversation)
        async for message in _messages(client.api, where, wanted, query):
            output.line(message) if given.as_json else found.append(message)
        if given.as_json:
            return
        me = await client.api.ask(OPERATIONS["getMe"])
        names = await names_of(client.api, {message["sender_id"] for message in found})
    by_id = {message["message_id"]: message for message in found}
    for message in found if after_seq is not None else reversed(found):
        quoted = by_id.get(message.get("reply_to") or "")
        print(line_of(message, names, me["id"], quoted=quoted))


async def _messages(api: Api, conversation: str, wanted: int | None, query: Json) -> Any:
    operation = OPERATIONS["listMessages"]

    async def page(cursor: str | None) -> Any:
        size = 100 if wanted is None else min(100, wanted)
        only = query if cursor is None or query["after_seq"] is not None else {}
        return await api.ask(operation, (conversation,), only | {"limit": size, "cursor": cursor})

    count = 0
    async for message in every(page):
        yield message
        count += 1
        if count == wanted:
            return


async def names_of(api: Api, user_ids: set[str]) -> dict[str, str]:
    """Names to show, of those who are to be seen."""
    found: dict[str, str] = {}
    ids = sorted(user_ids)
    for start in range(0, len(ids), _NAMES_AT_ONCE):
        said = await api.ask(OPERATIONS["findUsers"], query={"ids": ids[start : start + _NAMES_AT_ONCE]})
        found |= {user["id"]: user.get("display_name") or user.get("username") or "" for user in said["items"]}
    return {user_id: name for user_id, name in found.items() if name}
