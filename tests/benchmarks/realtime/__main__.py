"""`scripts/bench realtime`: 1,000 and 10,000 WebSockets of the local stack, beside a bare server in the same run.

How fast they connect, what each takes, and how long a message to 100 of them is on its way.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.benchmarks.realtime.crowd import Crowd, a_crowd
from tests.benchmarks.realtime.fan_out import listening, one_by_one, stream
from tests.benchmarks.realtime.floor import the_floor
from tests.benchmarks.realtime.heartbeats import PER_SECOND
from tests.benchmarks.realtime.place import Place
from tests.benchmarks.realtime.processor import percent_when_idle, used_s
from tests.benchmarks.realtime.report import Figures, Heartbeats, machine, table
from tests.benchmarks.realtime.room import NoRoom, make_room, source_addresses
from tests.benchmarks.realtime.stack_place import GROUP, people_of
from tests.benchmarks.realtime.storm import Storm, storm
from tests.benchmarks.realtime.storm import lines as storm_lines
from tests.benchmarks.soak.sampling import held_by
from tests.e2e.running_stack import RunningStack

_LISTENERS = 2 * GROUP
"""The members of the group and the devices of one user, which count among the sockets."""
_MESSAGES, _TO_DEVICES = 50, 20
_HEARTBEATS_S = 10


async def measure(place: Place, sockets: int, options: argparse.Namespace) -> Figures:
    """Everything, with so many sockets open."""
    async with a_crowd() as crowd:
        clients_mb, server_mb = _pss(crowd.pid), _pss(place.server_pid)
        used = used_s(place.working_pids())
        opened = await crowd.open(place.crowd(sockets - _LISTENERS), options.at_once)
        used = (used_s(place.working_pids()) - used) / (sockets - _LISTENERS)
        server_kb, clients_kb = (
            (_pss(pid) - before) * 1024 / (sockets - _LISTENERS)
            for pid, before in ((place.server_pid, server_mb), (crowd.pid, clients_mb))
        )
        async with listening(place.group()) as group, listening(place.devices()) as devices:
            idle = await percent_when_idle(place.server_pid, options.idle)
            gc.collect()
            single = await one_by_one(place, place.say_to_group, group, _MESSAGES, "one")
            streamed = await stream(place, place.say_to_group, group, options.rate, options.seconds)
            to_user = await one_by_one(place, place.say_to_user, devices, _TO_DEVICES, "devices")
        beats = await _heartbeats(place, crowd) if place.has_heartbeats else None
        lost = (await crowd.state())["lost"]
        return Figures(
            place.name, sockets, opened["seconds"] / (sockets - _LISTENERS), used, opened["refused"], server_kb, clients_kb, idle,
            single, streamed, to_user, beats, lost,
        )  # fmt: skip


async def _heartbeats(place: Place, crowd: Crowd) -> Heartbeats:
    before, beats = used_s(place.working_pids()), await crowd.beat(_HEARTBEATS_S)
    each = (used_s(place.working_pids()) - before) / (_HEARTBEATS_S * PER_SECOND)
    return Heartbeats(processor_s=each, **beats)


def _pss(pid: int) -> float:
    """MB."""
    held = held_by(pid)
    assert held is not None, f"process {pid} has ended"
    return held.pss


async def measure_all(stack: RunningStack, options: argparse.Namespace) -> tuple[list[Figures], Storm | None]:
    """The stack and the floor by turns, so that what else the machine does falls on both; then a storm of reconnects."""
    sources = source_addresses(max(*options.sockets, options.storm))
    figures: list[Figures] = []
    print("registering people", file=sys.stderr)
    async with people_of(stack, sources) as people:
        for sockets in options.sockets:
            print(f"{sockets} sockets: {people.name}", file=sys.stderr)
            figures.append(await measure(people, sockets, options))
            async with the_floor(sources) as floor:
                print(f"{sockets} sockets: {floor.name}", file=sys.stderr)
                figures.append(await measure(floor, sockets, options))
        if not options.storm:
            return figures, None
        print(f"{options.storm} sockets: dropped at once", file=sys.stderr)
        return figures, await storm(people, options.storm, options.at_once)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench realtime", description=__doc__)
    parser.add_argument("--sockets", type=_sockets, nargs="+", default=[1_000, 10_000], help="how many (1000 10000)")
    parser.add_argument("--at-once", type=int, default=50, help="handshakes under way at a time (50)")
    parser.add_argument("--rate", type=float, default=10, help="messages a second into the group (10)")
    parser.add_argument("--seconds", type=float, default=30, help="for so long (30)")
    parser.add_argument("--storm", type=int, default=1_000, help="sockets that are dropped at once; 0: none (1000)")
    parser.add_argument("--idle", type=float, default=15, help="how long idle processes are watched (15)")
    options = parser.parse_args()
    try:
        make_room(max(*options.sockets, options.storm))
    except NoRoom as error:
        parser.error(str(error))
    before = os.getloadavg()
    print("starting a stack of its own", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        limits = [f"--parameter={name}=10000" for name in ("RegistrationsPerSecond", "RegistrationBurst")]
        stack = RunningStack(Path(folder) / "data", limits).start()
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                figures, dropped = runner.run(measure_all(stack, options))
        finally:
            stack.stop()
    print(machine(before))
    lines, is_met = table(figures, options.rate)
    print("\n".join([*lines, *(storm_lines(dropped) if dropped else [])]))
    return 0 if is_met and (dropped is None or dropped.is_whole) else 1


def _sockets(text: str) -> int:
    if not text.isdecimal() or int(text) <= _LISTENERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above {_LISTENERS}, which the listeners take")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
