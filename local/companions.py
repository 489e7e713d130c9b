"""Companions: other processes of an application, such as a server that runs in a container on AWS, beside the functions.

One is asked for as NAME:PORT=COMMAND. It begins when everything else answers, is started again when it ends, and ends first.
"""

import argparse
import asyncio
import re
import shlex
import signal
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from local import ports
from local.application import Application
from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.engines.engine import Folders
from local.engines.installation import Tell
from local.engines.process import Command, EngineProcess
from local.engines.process_engine import ProcessEngine
from local.lambda_service.variables import common_variables, shared_variables
from local.start_error import StartError
from local.template.errors import TemplateError
from local.template.placeholders import fill_placeholders

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_STOPPED_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class CompanionOption:
    """What was asked for."""

    name: str
    port: int
    command: str
    """As a shell would be told, without a shell; {port} and the addresses of the stack in braces are filled in."""


def companion(text: str) -> CompanionOption:
    """NAME:PORT=COMMAND; raises ArgumentTypeError."""
    place, equals, command = text.partition("=")
    name, _, port = place.partition(":")
    if not equals or not command.strip() or not _NAME.fullmatch(name) or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME:PORT=COMMAND (port 0 takes a free one)")
    return CompanionOption(name, int(port), command)


def companion_port(text: str) -> tuple[str, int]:
    """NAME=PORT; raises ArgumentTypeError."""
    name, _, port = text.partition("=")
    if not name or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PORT")
    return name, int(port)


def chosen(asked: Sequence[CompanionOption], others: Iterable[tuple[str, int]]) -> tuple[CompanionOption, ...]:
    """With the ports of `others` in the place of theirs, and a free one for each 0. Raises StartError for unknown names."""
    by_name = {each.name: each for each in asked}
    if len(by_name) < len(asked):
        raise StartError("Two companions have one name: give one of them another.")
    for name, port in others:
        if name not in by_name:
            known = ", ".join(by_name) or "none"
            raise StartError(f"--companion-port names {name}, which is no companion; there are: {known}.")
        by_name[name] = replace(by_name[name], port=port)
    zeros = [each for each in by_name.values() if each.port == 0]
    free = dict(zip((each.name for each in zeros), ports.free_ports(len(zeros)), strict=True))
    return tuple(replace(each, port=free.get(each.name, each.port)) for each in by_name.values())


class Companion(ProcessEngine):
    """A companion of a running stack; the stack treats it as one of its engines."""

    def __init__(
        self, option: CompanionOption, application: Application, endpoints: Endpoints, data: DataFolder
    ) -> None:
        super().__init__(Folders(application.template.parent, data.logs), endpoints.host, option.port)
        self.name = option.name
        self._option = option
        self._application = application
        self._endpoints = endpoints

    @property
    def product(self) -> str:
        return "companion"

    @property
    def address(self) -> str:
        return f"{self._host}:{self._port}"

    async def start(self, tell: Tell) -> None:
        """Return once its port takes connections; raises StartError."""
        tell(self.address)
        process = EngineProcess(
            Command(
                self.name,
                self._arguments(),
                self._folders.logs / f"{self.name}.log",
                self._folders.data,
                self._variables(),
                stopped_within_s=_STOPPED_WITHIN_S,
                on_parent_death=signal.SIGTERM,
            )
        )
        self._process = process
        await process.start(self._takes_connections)

    def _arguments(self) -> list[str]:
        arguments = shlex.split(self._option.command.replace("{port}", str(self._port)))
        try:
            filled = fill_placeholders({str(at): word for at, word in enumerate(arguments)}, self._endpoints)
        except TemplateError as error:
            raise StartError(f"The companion {self.name}: {error}") from error
        return list(filled.values())

    def _variables(self) -> Mapping[str, str]:
        """What all functions of the application have with one value, and where the engines are."""
        environments = [function.environment for function in self._application.functions.values()]
        shared = {k: v for k, v in shared_variables(self._endpoints).items() if not k.startswith("AWS_LAMBDA_")}
        return {**shared, **common_variables(environments)}

    async def _takes_connections(self) -> bool:
        return await asyncio.to_thread(self._connects)

    def _connects(self) -> bool:
        try:
            socket.create_connection((self._host, self._port), timeout=1.0).close()
        except OSError:
            return False
        return True
