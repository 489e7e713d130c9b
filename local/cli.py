"""The commands of the stack. What a command needs is imported when it runs: `status` and `stop` answer at once."""

import asyncio
import contextlib
import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence

from local.arguments import Place, parse, place
from local.start_error import StartError

NOT_RUNNING = 3
"""Exit code of `status` when nothing runs, as init scripts have it (Linux Standard Base)."""
DEGRADED = 1
"""Exit code of `status` when the stack runs, and an engine of it does not."""
_STOP_S = 30.0


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the process. What a person must know is printed as one sentence, without a trace."""
    given = list(sys.argv[1:] if given is None else given)
    arguments = parse(given)
    try:
        return _command(arguments, given)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not isinstance(error, _told()):
            raise
        lines = str(error).splitlines() or [repr(error)]
        count = f"{len(lines)} errors:\n" if len(lines) > 1 and hasattr(error, "advice") else ""
        print(f"error: {count}{error}", file=sys.stderr)
        if advice := getattr(error, "advice", ""):
            print(advice, file=sys.stderr)
        return 1


def _command(arguments: Namespace, given: list[str]) -> int:
    if arguments.command == "fetch":
        from local.fetch import fetch

        return asyncio.run(fetch())
    where = place(arguments)
    if arguments.command == "run":
        return _run(arguments, given, where)
    if arguments.command == "stop":
        return _stop(where)
    if arguments.command == "status":
        return _status(arguments, where)
    if arguments.command == "invoke":
        from local import invoke_cli

        return invoke_cli.run(arguments, where.template, where.data)
    if arguments.command == "replay":
        from local import replay_cli

        with _reader_may_leave():
            return replay_cli.run(arguments, where.template, where.data)
        return 0
    if arguments.command in ("snapshot", "fault"):
        from local import fault_cli, snapshot_cli

        run = snapshot_cli.run if arguments.command == "snapshot" else fault_cli.run
        return run(arguments, where.data)
    from local.logs import cli as logs_cli

    with _reader_may_leave():
        return logs_cli.run(arguments, where.template, where.data)
    return 0


def _run(arguments: Namespace, given: list[str], where: Place) -> int:
    if arguments.detach:
        from local.detach import run_detached

        return run_detached([argument for argument in given if argument != "--detach"], where.data)
    from local.run_command import run

    return run(arguments, where)


def _stop(where: Place) -> int:
    from local.running import end, find_running, remove_record

    found = find_running(where.data)
    if found is None:
        print(f"No stack runs on {where.data}.")
        return 0
    if end(found, _STOP_S):
        print(f"Stopped (pid {found.pid}).")
    else:
        remove_record(where.data)
        print(f"Killed (pid {found.pid}): it did not stop in {_STOP_S:.0f} s. What was acknowledged is kept.")
    return 0


def _status(arguments: Namespace, where: Place) -> int:
    from local.running import find_running
    from local.status import read_status
    from local.status_text import not_running, status_text

    found = find_running(where.data)
    if found is None:
        print(f"No stack runs on {where.data}: scripts/run starts it.")
        return NOT_RUNNING
    if found.endpoints is None:
        print(f"The stack on {where.data} is starting (pid {found.pid}).")
        return NOT_RUNNING
    status = asyncio.run(read_status(where.data))
    if status is None:
        raise StartError(f"The stack (pid {found.pid}) does not answer: scripts/logs tells more, scripts/stop ends it.")
    with _reader_may_leave():
        print(json.dumps(status, indent=2) if arguments.json else status_text(status))
    return DEGRADED if not_running(status) else 0


@contextlib.contextmanager
def _reader_may_leave() -> Iterator[None]:
    """Around what prints much: nothing happens when the reader, such as `head`, has read enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told() -> tuple[type[Exception], ...]:
    """Errors whose text is meant for a person. Only those of modules that were loaded can have been raised."""
    kinds: list[type[Exception]] = [StartError]
    for module, name in (
        ("local.template.errors", "TemplateError"),
        ("local.provisioning.errors", "ProvisioningError"),
        ("local.lambda_service.errors", "UnsupportedFunction"),
        ("local.event_source_mappings.checks", "InvalidMapping"),
        ("local.schedules", "InvalidExpression"),
    ):
        if module in sys.modules:
            kinds.append(getattr(sys.modules[module], name))
    return tuple(kinds)
