"""kill -9, SIGTERM and SIGSTOP of whole processes: the stack, what functions are forked from, environments, engines."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM, Signals

import psutil

from tests.chaos.faults.rules import rule
from tests.chaos.world import Fault, World

_GONE_WITHIN_S = 30.0
_DIED_WITHIN_S = 60.0


def unlimited_restarts(world: World) -> None:
    """The stack gives an engine up that ends too often; here that is the purpose."""
    option = "--setting=engines.within_s=1"
    if option not in world.options:
        world.options.append(option)


def until_gone(pids: Sequence[int]) -> None:
    """Raises AssertionError with those that live on."""
    deadline = time.monotonic() + _GONE_WITHIN_S
    while left := _living(pids):
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def _living(pids: Sequence[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@dataclass
class End(Fault):
    """Of every process of a role; the stack starts them again."""

    name: str
    role: str
    signal: Signals = SIGKILL
    roles: int = 1
    """How many of `role`, where several are named with commas."""

    def prepare(self, world: World) -> None:
        unlimited_restarts(world)

    def available(self, world: World) -> str | None:
        brokers = self.role.startswith("kafka-")
        if brokers == (world.brokers > 1) or "kafka" not in self.role:
            return None
        return f"there are {world.brokers} brokers" if brokers else "there are three brokers, each ended alone"

    def inject(self, world: World, random: Random) -> None:
        names = random.sample(self.role.split(","), self.roles)
        pids = [pid for name in names for pid in world.pids(name)]
        assert world.send_signal(pids, self.signal), f"no process of {names}"
        until_gone(pids)
        world.until_ready()


@dataclass
class KillAtMoment(Fault):
    """Of an environment, somewhere in one of its invocations."""

    name: str
    function: str
    may_double_on_provider: bool = False

    def inject(self, world: World, random: Random) -> None:
        before = set(world.pids(self.function))
        within_s = random.uniform(0.0, 0.05)
        with rule(world, "function", self.function, "kill", within_s=within_s, count=1):
            deadline = time.monotonic() + _DIED_WITHIN_S
            while not before - set(world.pids(self.function)):
                before |= set(world.pids(self.function))
                assert time.monotonic() < deadline, f"no environment of {self.function} has died"
                time.sleep(0.02)


@dataclass
class KillStack(Fault):
    """kill -9 of the stack's own process, with which all others end; it is started again on its data."""

    name: str = "kill -9 the whole stack"

    def inject(self, world: World, random: Random) -> None:
        world.kill()
        world.start()


@dataclass
class Pause(Fault):
    """SIGSTOP of every process of a role, and SIGCONT."""

    name: str
    role: str
    most_s: float = 4.0

    def available(self, world: World) -> str | None:
        if self.role == "kafka" and world.brokers > 1:
            return "there are three brokers, each paused alone"
        return f"there are {world.brokers} brokers" if self.role == "kafka-*" and world.brokers == 1 else None

    def inject(self, world: World, random: Random) -> None:
        role = f"kafka-{random.randint(1, world.brokers)}" if self.role == "kafka-*" else self.role
        pids = world.pids(role)
        try:
            assert world.send_signal(pids, SIGSTOP) or role.endswith("Function"), f"no process of {role}"
            time.sleep(random.uniform(0.2, self.most_s))
        finally:
            world.send_signal(pids, SIGCONT)
        world.until_ready()


@dataclass
class Slow(Fault):
    """A process that gets a part of its time only: stopped and let go on, again and again."""

    name: str
    role: str
    for_s: float = 5.0
    stopped_s: float = 0.15
    running_s: float = 0.05

    def available(self, world: World) -> str | None:
        return "there are three brokers" if self.role == "kafka" and world.brokers > 1 else None

    def inject(self, world: World, random: Random) -> None:
        pids = world.pids(self.role)
        until = time.monotonic() + self.for_s
        try:
            while time.monotonic() < until:
                assert world.send_signal(pids, SIGSTOP), f"no process of {self.role}"
                time.sleep(self.stopped_s * random.uniform(0.5, 1.5))
                world.send_signal(pids, SIGCONT)
                time.sleep(self.running_s)
        finally:
            world.send_signal(pids, SIGCONT)
        world.until_ready()


FUNCTIONS = {
    "send": "MessagesSendFunction",
    "router": "RouterFunction",
    "realtime": "RealtimeFunction",
    "telegram_send": "TelegramSendFunction",
    "delivery_status": "DeliveryStatusFunction",
}
_BROKERS = "kafka-1,kafka-2,kafka-3"

PROCESSES: Sequence[Fault] = (
    KillStack(),
    End("kill -9 the library parent", "library parent"),
    End("kill -9 the warm parents", "warm parents"),
    *(End(f"kill -9 {engine}", engine) for engine in ("kafka", "dynamodb", "s3")),
    *(End(f"restart {engine}", engine, SIGTERM) for engine in ("kafka", "dynamodb", "s3")),
    End("kill -9 one broker of three", _BROKERS),
    End("kill -9 two brokers of three", _BROKERS, roles=2),
    *(
        KillAtMoment(
            f"kill -9 {name} at a random moment", FUNCTIONS[name], may_double_on_provider=name == "telegram_send"
        )
        for name in FUNCTIONS
        if name != "delivery_status"
    ),
    Pause("pause the stack", "stack", 8.0),
    Pause("pause the library parent", "library parent"),
    Pause("pause the warm parents", "warm parents"),
    *(Pause(f"pause {engine}", engine, 8.0) for engine in ("kafka", "dynamodb", "s3")),
    Pause("pause one broker of three", "kafka-*", 8.0),
    *(Pause(f"pause {name}", function) for name, function in FUNCTIONS.items()),
    Slow("slow kafka", "kafka"),
    Slow("slow dynamodb", "dynamodb"),
)
