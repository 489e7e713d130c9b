import errno
import os
import socket
from pathlib import Path

import pytest

from local import ports
from local.application import Application, HttpApi
from local.endpoints import Endpoints
from local.options import StackOptions, check_ports, choose_ports
from local.start_error import StartError

APPLICATION = Application(Path("template.yaml"), {}, http_apis=(HttpApi("Api", "a1", "$default", ()),))


def options(http: int, aws: int) -> StackOptions:
    return StackOptions(Path("t"), Path("d"), Endpoints(http_port=http, aws_port=aws), simulators=False)


def test_one_port_for_two_is_refused_with_both_options() -> None:
    (port,) = ports.free_ports(1)
    with pytest.raises(StartError, match=rf"Port {port} is asked for twice, by --http-port .* by --aws-port"):
        check_ports(APPLICATION, options(port, port))


def test_a_chosen_port_is_none_that_is_asked_for() -> None:
    (asked,) = ports.free_ports(1)
    for _ in range(20):
        chosen = choose_ports({"http_port": asked, "aws_port": 0, "s3_port": 0}, Endpoints())
        assert len({chosen.http_port, chosen.aws_port, chosen.s3_port}) == 3


def test_every_taken_port_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        http, aws = one.getsockname()[1], two.getsockname()[1]
        with pytest.raises(StartError) as told:
            check_ports(APPLICATION, options(http, aws))
    said = str(told.value)
    assert f"{http} for the HTTP API (--http-port) by pid {os.getpid()} (" in said
    assert f"{aws} for the AWS endpoint (--aws-port) by pid" in said
    assert "--http-port 0 --aws-port 0 takes free ones" in said
    check_ports(APPLICATION, options(http, aws))


def test_a_port_that_needs_privileges_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "bind_error", lambda _port, _host: errno.EACCES)
    with pytest.raises(StartError, match=r"Port 80 .* may not be bound without privileges: .*1024.*--http-port"):
        check_ports(APPLICATION, options(80, 4566))


def test_there_is_no_port_above_the_highest() -> None:
    two = Application(Path("template.yaml"), {}, http_apis=APPLICATION.http_apis * 2)
    with pytest.raises(StartError, match=r"65536.*--http-port"):
        check_ports(two, options(65535, 4566))
