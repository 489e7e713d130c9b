"""`chat`: in a terminal, and for scripts."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.contract.cli.acting_hub import ActingHub
from tests.contract.cli.conftest import Machine, Run
from tests.contract.cli.terminal import Terminal, terminal

SignedIn = Callable[[str], Machine]


@pytest.fixture
def ana(signed_in: SignedIn) -> Machine:
    return signed_in("ana")


@pytest.fixture
def bob(signed_in: SignedIn) -> Machine:
    return signed_in("bob")


@pytest.fixture
def where(run: Run, ana: Machine, bob: Machine) -> str:
    made = run(ana, "conversations", "create", bob.name, "--type", "private", "--json")
    return str(made.document["id"])


@pytest.fixture
def screen(ana: Machine, where: str) -> Iterator[Terminal]:
    with terminal("chat", where, variables=ana.variables()) as shown:
        shown.until("live")
        yield shown


def test_a_conversation_in_a_terminal(
    run: Run, ana: Machine, bob: Machine, where: str, screen: Terminal, hub: ActingHub
) -> None:
    bob_id = str(run(bob, "whoami", "--json").document["id"])
    screen.write("Olá, Bob 👋\r")
    screen.until("1 ")
    screen.until("me: Olá, Bob 👋 ✓")
    run(bob, "conversations", "typing", where)
    screen.until(f"{bob.name} is typing…")
    sent = run(bob, "send", where, "Hi \x1b[2Jthere", "--json").document
    screen.until(f"{bob.name}: Hi \ufffd[2Jthere")
    screen.until_gone("is typing…")
    run(bob, "conversations", "receipt", where, "--read", "1")
    screen.until("me: Olá, Bob 👋 ✓✓ read")
    screen.write("/react 👍\r")
    screen.until("there 👍")
    screen.write("/reply 2 Fine\r")
    screen.until("me ⤷ “Hi \ufffd[2Jthere”: Fine")
    screen.write("/edit Fine, thanks\r")
    screen.until("Fine, thanks (edited)")
    screen.write("/unsend\r")
    screen.until("me ⤷ “Hi \ufffd[2Jthere”: (unsent)")
    screen.write("/fly\r")
    screen.until("There is no /fly")
    screen.write("/help\r")
    screen.until("/react [NUMBER] EMOJI")
    hub.tell(
        str(run(ana, "whoami", "--json").document["id"]),
        {"type": "presence.updated", "data": {"user_id": bob_id, "status": "online", "version": 1, "expires_in": 90}},
    )
    screen.until("— online — live")
    assert run(bob, "api", "getMessage", sent["message_id"]).document["reactions"]
    assert {"typing"} <= {request["action"] for request in hub.asked}
    screen.write("/quit\r")
    assert screen.ends() == 0


def test_what_is_written_without_a_connection_is_sent_when_there_is_one(
    run: Run, bob: Machine, where: str, screen: Terminal, hub: ActingHub
) -> None:
    hub.cut()
    screen.until("offline")
    hub.is_down = False
    screen.write("back again\r")
    screen.until("me: back again")
    screen.until_gone("me: back again …")
    assert [one["content"] for one in run(bob, "history", where, "--json").lines] == ["back again"]
    screen.write("\x03")
    assert screen.ends() == 0


def test_for_a_script_lines_are_messages_and_what_happens_are_json_lines(
    run: Run, ana: Machine, bob: Machine, where: str
) -> None:
    ran = run(ana, "chat", where, "--json", stdin="one\n\ntwo\n/fly\n")
    assert ran.code == 0
    assert ran.problem["detail"].startswith("There is no /fly")
    heard = [line["message"]["content"] for line in ran.lines if line["event"] == "message"]
    assert set(heard) >= {"one", "two"}
    assert [one["content"] for one in run(bob, "history", where, "--json").lines] == ["two", "one"]
    named = run(bob, "chat", ana.name, "--json", stdin="by name\n")
    assert named.code == 0, named.told
    assert run(ana, "history", where, "--json", "--limit", "1").lines[0]["content"] == "by name"
    assert run(ana, "chat", "nobody", "--json").code == 2


def test_a_tail_of_events_ends_with_the_number_that_was_asked_or_by_ctrl_c(
    run: Run, ana: Machine, bob: Machine, where: str, hub: ActingHub
) -> None:
    command = [sys.executable, "-m", "chat4all_client", "events", "tail", "--conversation", where]
    asked = [*command, "--type", "message.created", "--count", "2"]
    with subprocess.Popen(
        asked, env=bob.variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as tail:
        assert tail.stderr is not None
        assert tail.stdout is not None
        while "live" not in tail.stderr.readline():
            continue
        run(ana, "send", where, "first")
        hub.cut()
        hub.is_down = False
        first = json.loads(tail.stdout.readline())
        while "live" not in tail.stderr.readline():
            continue
        run(ana, "send", where, "second")
        second = json.loads(tail.stdout.readline())
        assert tail.wait(60) == 0
    assert [first["data"]["content"], second["data"]["content"]] == ["first", "second"]
    assert run(ana, "status", first["data"]["message_id"], "--json").document["status"] != "delivered"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_whoever_ends_a_tail_gets_130(bob: Machine, where: str, sign: signal.Signals) -> None:
    command = [sys.executable, "-m", "chat4all_client", "events", "tail", "--conversation", where]
    with subprocess.Popen(
        command,
        env=bob.variables(),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as tail:
        assert tail.stderr is not None
        while "live" not in tail.stderr.readline():
            continue
        tail.send_signal(sign)
        assert tail.wait(60) == 130
