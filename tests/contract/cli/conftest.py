"""The command `chat4all` before a deployment in this process; each person has a machine (folders, environment) of their own."""

import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pytest

from chat4all import observed
from chat4all.bootstrap import App
from chat4all_client.cli.main import main
from tests.contract.chat_page.deployment import deployment
from tests.contract.chat_page.hub import serving
from tests.contract.chat_page.person import PASSWORD
from tests.contract.cli.acting_hub import ActingHub, TellingPublisher
from tests.contract.messaging import new_user
from tests.contract.upload_page.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    told: str

    @property
    def document(self) -> dict[str, Any]:
        """The one document that it printed."""
        return dict(json.loads(self.out))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All that it printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def problem(self) -> dict[str, Any]:
        """What it printed on standard error."""
        return dict(json.loads(self.told.splitlines()[-1]))


Run = Callable[..., Ran]


@dataclass(frozen=True, slots=True)
class Machine:
    """A person's machine: `chat4all` finds its folders there, and the server by the environment."""

    folder: Path
    url: str
    name: str

    def variables(self, **more: str) -> dict[str, str]:
        """What a process of theirs has in its environment."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHAT4ALL_")}
        places = {"XDG_CONFIG_HOME": str(self.folder / "config"), "XDG_STATE_HOME": str(self.folder / "state")}
        path = os.pathsep.join(each for each in sys.path if each)
        return clean | places | {"CHAT4ALL_URL": self.url, "PYTHONPATH": path} | more


@pytest.fixture
def hub() -> Iterator[ActingHub]:
    with serving(ActingHub()) as hub:
        yield hub


@pytest.fixture
def gateway(deployed: App, hub: ActingHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    # At the rate of all tests here, whose registrations this engine has counted: a higher one would find them all at once.
    monkeypatch.setenv("REGISTRATION_BURST", "100000")
    with deployment(hub, TellingPublisher(hub), monkeypatch) as gateway:
        hub.turn = gateway.turn
        yield gateway


@pytest.fixture
def machine_of(gateway: Gateway, tmp_path: Path) -> Callable[[str], Machine]:
    """A machine for somebody whose name begins so."""
    return lambda name: Machine(tmp_path / name, gateway.url, f"{name}-{new_user()[-8:]}")


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Functions of this process log and count to the same standard output as the command."""
    monkeypatch.setattr(observed, "flush", lambda *_: None)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def run(quiet: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a machine, in this process; `stdin` is what comes on standard input."""

    def ran(machine: Machine, *words: str, stdin: str = "", out: TextIO | None = None, **variables: str) -> Ran:
        printed, told = out or io.StringIO(), io.StringIO()
        with monkeypatch.context() as patched, redirect_stdout(printed), redirect_stderr(told):
            for name in [name for name in os.environ if name.startswith("CHAT4ALL_")]:
                patched.delenv(name)
            for name, value in machine.variables(**variables).items():
                patched.setenv(name, value)
            reading, writing = os.pipe()
            os.write(writing, stdin.encode())
            os.close(writing)
            with os.fdopen(reading) as given:
                patched.setattr(sys, "stdin", given)
                code = main(words)
        return Ran(int(code), printed.getvalue() if isinstance(printed, io.StringIO) else "", told.getvalue())

    return ran


@pytest.fixture
def signed_in(machine_of: Callable[[str], Machine], run: Run) -> Callable[[str], Machine]:
    """The machine of somebody who has registered and is signed in."""

    def made(name: str) -> Machine:
        machine = machine_of(name)
        email = f"{machine.name}@example.com"
        registered = run(machine, "register", machine.name, "--email", email, CHAT4ALL_PASSWORD=PASSWORD)
        assert registered.code == 0, registered.told
        return machine

    return made
