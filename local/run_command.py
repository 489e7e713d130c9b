"""`python -m local run`: a stack in the foreground, until it is told to end."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from local.addresses import ready_text
from local.application import Application
from local.arguments import Place
from local.companions import chosen
from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.engines.kafka_scram import ca_file
from local.free_memory import return_free_memory
from local.open_files import raise_limit
from local.options import PORT_OPTIONS, StackOptions, choose_ports
from local.progress import Progress
from local.running import only_stack, remove_record, write_record
from local.snapshots import Snapshots
from local.stack import Stack
from local.start_error import StartError

_INTERRUPTED = 130


def run(arguments: Namespace, place: Place) -> int:
    """Run until SIGINT or SIGTERM; the exit code of the process. Raises what `Stack.start` raises."""
    if not place.template.is_file():
        raise StartError(f"There is no template {place.template}: name one with --template.")
    options = stack_options(arguments, place)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("local").setLevel(logging.INFO)
    raise_limit()
    return_free_memory(arenas=2)
    with only_stack(place.data):
        if arguments.fresh:
            DataFolder(place.data).forget()
        snapshots = Snapshots(DataFolder(place.data))
        snapshots.finish_load()
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            while True:
                stack = Stack(options)
                code = runner.run(_run(stack, arguments))
                if not stack.snapshot or code != 0:
                    return code
                _say(f"loading the snapshot {stack.snapshot}")
                snapshots.load(stack.snapshot)


def stack_options(arguments: Namespace, place: Place) -> StackOptions:
    """What the command line asks for. Raises StartError for what does not go together."""
    has_scram = arguments.kafka_security == "scram"
    if has_scram and arguments.kafka_bootstrap:
        raise StartError(
            "--kafka-security is of the stack's own Kafka, and --kafka-bootstrap names another: leave one of them out."
        )
    endpoints = choose_ports(
        {name: getattr(arguments, name) for name in PORT_OPTIONS},
        Endpoints(
            external_dynamodb_url=arguments.dynamodb_endpoint,
            external_s3_url=arguments.s3_endpoint,
            external_kafka_servers=arguments.kafka_bootstrap,
            kafka_brokers=arguments.kafka_brokers,
            kafka_security=arguments.kafka_security,
            kafka_ca_file=str(ca_file(DataFolder(place.data).engine("kafka").data)) if has_scram else "",
        ),
    )
    return StackOptions(
        place.template,
        place.data,
        endpoints,
        dict(arguments.parameter),
        arguments.without,
        arguments.dynamodb_engine,
        simulators=not arguments.no_simulators,
        settings=dict(arguments.setting),
        companions=() if arguments.no_companions else chosen(arguments.companion, arguments.companion_port),
    )


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


async def _run(stack: Stack, arguments: Namespace) -> int:
    told_to_end = _await_signals()
    progress = Progress(_say)
    starting = asyncio.ensure_future(stack.start(progress))
    waiting = asyncio.ensure_future(told_to_end.wait())
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        _say("stopping")
        starting.cancel()
        await asyncio.wait({starting})
        return _INTERRUPTED
    starting.result()
    try:
        _tell_ready(stack, progress, arguments)
        return_free_memory()
        write_record(stack.options.data, stack.endpoints)
        loading = asyncio.ensure_future(stack.load_wanted.wait())
        await asyncio.wait({waiting, loading}, return_when=asyncio.FIRST_COMPLETED)
        loading.cancel()
        if waiting.done():
            stack.snapshot = ""
        else:
            waiting.cancel()
        _say("stopping")
    finally:
        remove_record(stack.options.data)
        await stack.stop()
    return 0


def _await_signals() -> asyncio.Event:
    """Set by the first SIGINT, SIGTERM or SIGHUP. The second ends the process at once, and the kernel its children."""
    told_to_end = asyncio.Event()

    def told() -> None:
        if told_to_end.is_set():
            os._exit(_INTERRUPTED)
        told_to_end.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told)
    return told_to_end


def _tell_ready(stack: Stack, progress: Progress, arguments: Namespace) -> None:
    if arguments.timings:
        for part, seconds in sorted(progress.seconds.items(), key=lambda item: -item[1]):
            _say(f"{seconds:8.2f} s  {part}")
    _say(f"\nReady in {progress.total():.1f} s. Data and logs: {_short(stack.options.data)}\n")
    _say(ready_text(stack.application, stack.endpoints, stack.addresses()))
    if arguments.verbose:
        _say(_left_out(stack.application))


def _left_out(application: Application) -> str:
    return "\n".join(["", "Left out:", *(f"  {ignored.name}: {ignored.reason}" for ignored in application.ignored)])


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _say(text: str) -> None:
    """A full disk, or a terminal that has gone, keeps nothing from running on: engines are started again below this."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stdout, flush=True)
