"""A whole stack of its own for a test: real engines, ports that were free, data in a folder of the test."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.control import ask
from tests.local.stack_process import kill_with_children

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 240
UNPACED = "--parameter=ChannelPace=0"
"""For tests that tell the simulators not to limit: what goes out is not slowed down to what providers take."""
FOR_EVERYBODY = "--parameter=ChannelAccounts=everybody"
"""So that whoever joins in a test has their own bots; tests/e2e/authorisation is about what is so without it."""
COMPANIONS = [
    re.sub(r":\d+=", ":0=", option) for option in re.findall(r"--companion '(.+?)'", (ROOT / "scripts/run").read_text())
]
"""What `scripts/run` starts beside the functions, on free ports."""
PORT_OPTIONS = (
    "http", "websocket", "aws", "kafka", "kafka-controller", "kafka-2", "kafka-2-controller", "kafka-3",
    "kafka-3-controller", "console", "dynamodb", "s3",
)  # fmt: skip


@dataclass
class RunningStack:
    """`python -m local run` on the project's template."""

    data: Path
    options: Sequence[str] = ()
    root: Path = ROOT
    """Folder of the code that runs: the repository, or a changed copy of it."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of the stack beside those of this process."""
    process: subprocess.Popen[bytes] | None = None
    state: dict[str, Any] = field(default_factory=dict)

    def start(self) -> "RunningStack":
        """Start and wait until it is ready; a start that fails raises with what it printed."""
        ports = [f"--{name}-port=0" for name in PORT_OPTIONS] if not self.state else self._same_ports()
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local", "run", f"--data={self.data}", *ports, FOR_EVERYBODY, *self.options],
                cwd=self.root,
                env=os.environ | self.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the stack ended with {self.process.returncode}:\n{self.printed()}")
            state = self._read_state()
            if state.get("pid") == self.process.pid:
                self.state = state
                return self
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the stack was not ready within {READY_WITHIN_S} s:\n{self.printed()}")

    def grpc(self) -> str:
        """host:port of gRPC, where the stack was started with `COMPANIONS`."""
        return str(self.engine("gRPC")["address"])

    def stop(self) -> None:
        """Ctrl-C, and wait."""
        self._end(signal.SIGINT)

    def drop(self) -> None:
        """End it at once, with all that it has started: nothing that it holds is needed any more."""
        process, self.process = self.process, None
        if process is not None:
            kill_with_children(process)

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def environment_pids(self, function: str) -> list[int]:
        """Processes of a function's environments; `function` is its logical id."""
        return [pid for f in self._status()["functions"] if f["logical_id"] == function for pid in f["pids"]]

    def engine(self, name: str) -> dict[str, Any]:
        """What the status says of `kafka`, `dynamodb` or `s3`: pid, product…"""
        return next(dict(engine) for engine in self._status()["engines"] if engine["name"] == name)

    def engines(self) -> list[str]:
        """Names of all."""
        return [str(engine["name"]) for engine in self._status()["engines"]]

    async def command(self, command: str, **arguments: Any) -> Any:
        """What the stack answers to `fault.add` and the like, however busy the machine is; raises StartError with its refusal."""
        return await ask(self.data, command, timeout_s=60, **arguments)

    def _status(self) -> dict[str, Any]:
        command = [sys.executable, "-m", "local", "status", "--json", f"--data={self.data}"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        return dict(json.loads(ran.stdout))

    def printed(self) -> str:
        """The end of what it has printed."""
        return (self.data.parent / f"{self.data.name}.log").read_text(errors="replace")[-6000:]

    @property
    def endpoints(self) -> dict[str, Any]:
        """Ports, by the names of local.endpoints.Endpoints."""
        return dict(self.state["endpoints"])

    def url(self, name: str, scheme: str = "http") -> str:
        """Address of `http`, `websocket`, `aws`, `console`…"""
        return f"{scheme}://127.0.0.1:{self.endpoints[f'{name}_port']}"

    def _same_ports(self) -> list[str]:
        return [f"--{name}-port={self.endpoints[name.replace('-', '_') + '_port']}" for name in PORT_OPTIONS]

    def _read_state(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.data / "stack.json").read_text()))
        except (OSError, ValueError):
            return {}

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            os.kill(process.pid, how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
            raise AssertionError(f"the stack did not end within 30 s:\n{self.printed()}") from None


def unlimited_options() -> list[str]:
    """For what many do at once: rate limits that are out of the way."""
    limits = ("SendsPerSecond", "SendBurst", "RegistrationsPerSecond", "RegistrationBurst")
    return [UNPACED, *(f"--parameter={name}=10000" for name in limits)]
