"""A port that is taken between the check and the bind."""

import os
import socket
from pathlib import Path

import pytest

from local import stack
from local.application import Application
from local.endpoints import Endpoints
from local.options import PORT_OPTIONS, StackOptions, check_ports, choose_ports
from local.progress import Progress
from local.start_error import StartError
from tests.local.test_command_line import SMALL


async def test_it_is_told_as_any_taken_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hello").mkdir()
    (tmp_path / "hello" / "app.py").write_text("def handler(event, context):\n    return 'hello'\n")
    (tmp_path / "template.yaml").write_text(SMALL.replace('      InlineCode: ""\n', ""))
    endpoints = choose_ports(dict.fromkeys(PORT_OPTIONS, 0), Endpoints())
    options = StackOptions(tmp_path / "template.yaml", tmp_path / "data", endpoints)
    taken: list[socket.socket] = []

    def check_and_take(application: Application, asked: StackOptions) -> None:
        check_ports(application, asked)
        taken.append(socket.create_server(("127.0.0.1", endpoints.http_port)))

    monkeypatch.setattr(stack, "check_ports", check_and_take)
    try:
        with pytest.raises(StartError, match=rf"Port {endpoints.http_port} for the HTTP API .* pid {os.getpid()} "):
            await stack.Stack(options).start(Progress(lambda _: None))
    finally:
        for one in taken:
            one.close()
