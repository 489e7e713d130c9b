"""docs/cli.md: the command `chat4all`, from its own table."""

from collections.abc import Iterator

import click

from chat4all_client.cli.exit_codes import MEANINGS
from chat4all_client.cli.given import common_parameters
from chat4all_client.cli.main import PROGRAM, program

_INTRODUCTION = """# The command `chat4all`

<!-- Written by scripts/write-contract. -->

    pipx install ./clients/python
    chat4all login --url https://api.example.com ana
    chat4all conversations create bob --type private
    chat4all chat bob

Everything the HTTP API does, from a terminal or a script, against the stack on a laptop, LocalStack and AWS alike: `--url` is
all that differs.

- **Sign-in.** `login` keeps tokens in `$XDG_CONFIG_HOME/chat4all/profiles` (folder 0700, files 0600); `--profile NAME` keeps
  several. They are renewed as needed, by one command at a time, and go to no other server. Passwords are asked for, read from
  standard input, or from `CHAT4ALL_PASSWORD`; never from the command line, which others can read. Without a profile:
  `CHAT4ALL_TOKEN`, or `CHAT4ALL_USERNAME` and `CHAT4ALL_PASSWORD`.
- **For scripts.** `--json`, anywhere: one JSON document, or a line of JSON for each item, on standard output; problems (RFC
  9457) on standard error, with `again`, the command that goes on, where there is one.
- **Nothing is lost.** Uploads, downloads and messages go on where they stopped: the same command again, or the one that is
  shown. A send that is repeated with its `--message-id` is the same message. `chat` keeps what waits, and sends it the next
  time.
- **Users** are given by id, name or `me`; **conversations** by id, title, or the name of who one talks to: of several
  with somebody it is the one in which something was said last. What cannot be taken back takes an id.
- **TLS.** Certificates are checked by the authorities of the system; `SSL_CERT_FILE` names a file with those of your own, for
  HTTPS, WebSockets and `--grpc` alike.
- **Completion.** `source <(chat4all completion bash)`, the same for zsh; `chat4all completion fish | source`.
- What others have written cannot steer the terminal: control characters are shown as `\ufffd`.
"""


def text() -> str:
    """The page."""
    common: set[str | None] = {parameter.name for parameter in common_parameters()}
    root = program()
    parts = [_INTRODUCTION, "## Exit codes\n", _table(("code", ""), _ends()), "\n## Options of all commands\n"]
    context = click.Context(root, info_name=PROGRAM)
    parts.append(_table(("option", ""), _options(root, context, set())))
    parts += ["\n## Commands\n", *_commands(root, context, common)]
    return "\n".join(parts).rstrip() + "\n"


def _ends() -> Iterator[tuple[str, str]]:
    for code, meaning in MEANINGS.items():
        yield str(int(code)), meaning


def _commands(group: click.Group, context: click.Context, common: set[str | None]) -> Iterator[str]:
    for name in sorted(group.commands):
        command = group.commands[name]
        inner = click.Context(command, parent=context, info_name=name)
        if isinstance(command, click.Group):
            yield from _commands(command, inner, common)
            continue
        usage = " ".join(command.collect_usage_pieces(inner)).replace("[OPTIONS]", "").split()
        told = " ".join((command.help or "").split())
        yield f"### `{' '.join([inner.command_path, *usage])}`\n\n{told}\n"
        if command.epilog:
            yield f"{command.epilog}.\n"
        rows = list(_options(command, inner, common))
        if rows:
            yield _table(("option", ""), rows) + "\n"


def _options(command: click.Command, context: click.Context, without: set[str | None]) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None and parameter.name not in without:
            flags, told = record
            yield f"`{flags}`".replace("|", "\\|"), told.replace("|", "\\|")


def _table(head: tuple[str, str], rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> str:
    lines = [head, ("---", "---"), *rows]
    return "\n".join(f"| {one} | {other} |" for one, other in lines)
