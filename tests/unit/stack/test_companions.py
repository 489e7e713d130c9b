"""Other processes beside the functions: what may be asked for."""

import argparse

import pytest

from local.companions import CompanionOption, chosen, companion, companion_port
from local.start_error import StartError


def test_what_is_asked_for() -> None:
    assert companion("gRPC:50051=python -m edge --port {port}") == CompanionOption(
        "gRPC", 50051, "python -m edge --port {port}"
    )
    assert companion("a:0=sh -c 'A=b c'").command == "sh -c 'A=b c'"


@pytest.mark.parametrize(
    "text", ["", "a", "a=b", "a:1", "a:1=", "a:x=b", "a:70000=b", ":1=b", "1a:1=b", "a/b:1=c", "a:1= "]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="NAME:PORT=COMMAND"):
        companion(text)


@pytest.mark.parametrize("text", ["", "a", "=1", "a=", "a=x", "a=70000"])
def test_ports_that_are_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="NAME=PORT"):
        companion_port(text)


def test_another_port_and_a_free_one() -> None:
    asked = [companion("a:1234=x"), companion("b:0=y"), companion("c:7=z")]
    found = {one.name: one.port for one in chosen(asked, [("a", 0), ("c", 9)])}
    assert found["c"] == 9
    assert found["a"] not in (0, 1234)
    assert found["b"] not in (0, found["a"])


def test_a_name_that_is_none_or_of_two() -> None:
    with pytest.raises(StartError, match="names b, which is no companion; there are: a"):
        chosen([companion("a:1=x")], [("b", 1)])
    with pytest.raises(StartError, match="Two companions have one name"):
        chosen([companion("a:1=x"), companion("a:2=x")], [])
