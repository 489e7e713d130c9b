"""The entry point: commands by noun, and how each of them ends."""

import os
import shlex
import sys
from collections.abc import Sequence

import click

from chat4all_client.cli.commands import commands
from chat4all_client.cli.exit_codes import Exit, exit_of, problem_of, text_of
from chat4all_client.cli.given import Given, common_parameters
from chat4all_client.cli.output import Output
from chat4all_client.errors import ClientError
from chat4all_client.version import installed_version

PROGRAM = "chat4all"
_NOUNS = {
    "conversations": "Conversations and their members.",
    "conversations members": "Who is in a conversation, and as what.",
    "messages": "Messages, and reactions to them.",
    "users": "Other people.",
    "me": "The own account.",
    "sign-ins": "Google and GitHub, by which one signs in.",
    "identities": "Own addresses on channels.",
    "files": "Files that are there; `upload` and `download` move them.",
    "rules": "Routing rules: which way messages go.",
    "accounts": "The business's accounts on channels.",
    "webhooks": "Endpoints that get events.",
    "events": "What happens, as it happens.",
    "admin": "Administrators, audit logs, health, keys.",
    "admin administrators": "Who administers the deployment.",
    "admin webhooks": "Endpoints of others.",
    "profiles": "Sign-ins that are kept.",
}


def program() -> click.Group:
    """All commands."""
    parameters = [*common_parameters(), _version()]
    root = click.Group(PROGRAM, help="Chat4All from a terminal or a script.", params=parameters, epilog=_ends())
    root.context_settings = {"help_option_names": ["-h", "--help"]}
    for path, command in commands():
        _group(root, path[:-1]).add_command(command, path[-1])
    return root


def _group(root: click.Group, path: Sequence[str]) -> click.Group:
    group = root
    for depth, name in enumerate(path, 1):
        found = group.commands.get(name)
        if not isinstance(found, click.Group):
            found = click.Group(name, help=_NOUNS[" ".join(path[:depth])])
            group.add_command(found, name)
        group = found
    return group


def _ends() -> str:
    return "Exit codes: " + "; ".join(f"{code} {code.name.lower().replace('_', ' ')}" for code in Exit) + "."


def _version() -> click.Option:
    def shown(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
        if is_asked:
            click.echo(f"{PROGRAM} {installed_version()}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=shown, help="Show which one this is."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the process."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = Given()
    try:
        program().main(given, PROGRAM, standalone_mode=False, obj=options)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()  # whoever reads has enough, as `head` has
        return Exit.DONE
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return Exit.WRONG_USE
    except (KeyboardInterrupt, click.Abort, click.ClickException, ClientError, OSError, ValueError) as error:
        return _failed(error, options, given)
    return Exit.DONE


def _failed(error: BaseException, options: Given, given: Sequence[str]) -> Exit:
    code = exit_of(error)
    output = Output(options.as_json or "--json" in given)
    usage = None
    if isinstance(error, click.UsageError) and error.ctx is not None:
        usage = f"{error.ctx.get_usage()}\n{error.ctx.command_path} --help tells more."
    output.failed(problem_of(error), text_of(error), _again(error, code, given, options), usage)
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()
    return code


def _again(error: BaseException, code: Exit, given: Sequence[str], options: Given) -> tuple[str, str] | None:
    """What to do now: in words, and the command."""
    if code is Exit.SIGN_IN:
        profile = ["--profile", options.profile] if options.profile != Given().profile else []
        return "Sign in", shlex.join([PROGRAM, "login", *profile])
    if code in (Exit.LATER, Exit.INTERRUPTED):
        return "To go on", getattr(error, "again", "") or shlex.join([PROGRAM, *given])
    return None


def _forget_output() -> None:
    """What is left in the buffer has nowhere to go; Python would try it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
