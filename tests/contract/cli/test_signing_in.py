"""Who is signed in: kept for the user alone, renewed once whatever runs at the same time, and never told to another server."""

import json
import os
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run as run_process

import pytest

from chat4all_client.cli.profiles import Profiles
from tests.contract.chat_page.person import PASSWORD
from tests.contract.cli.conftest import Machine, Run

SignedIn = Callable[[str], Machine]


@pytest.fixture
def ana(signed_in: SignedIn) -> Machine:
    return signed_in("ana")


def profile_of(machine: Machine) -> Path:
    return machine.folder / "config/chat4all/profiles/default.json"


def spoil(machine: Machine) -> dict[str, str]:
    """The access token is no good any more; what was kept before."""
    kept = json.loads(profile_of(machine).read_text())
    profile_of(machine).write_text(json.dumps(kept | {"access_token": "expired"}))
    return dict(kept)


def test_tokens_are_kept_for_the_user_alone_and_shown_to_nobody(run: Run, ana: Machine) -> None:
    path = profile_of(ana)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    again = run(ana, "login", ana.name.upper(), "--json", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (again.code, set(again.document)) == (0, {"profile", "url", "username", "user_id"})
    kept = json.loads(path.read_text())
    assert kept["access_token"] not in again.out + again.told
    assert run(ana, "whoami", "--json").document["username"] == ana.name
    assert sorted(each.name for each in path.parent.iterdir()) == ["default.json", "default.lock"]


def test_nobody_is_signed_in_wrong_passwords_and_ended_sessions_are_exit_code_4(
    run: Run, machine_of: Callable[[str], Machine], ana: Machine
) -> None:
    nobody = run(machine_of("eva"), "whoami")
    assert (nobody.code, nobody.told) == (4, "error: Nobody is signed in\nSign in: chat4all login\n")
    wrong = run(ana, "login", ana.name, "--json", CHAT4ALL_PASSWORD="not this one")
    assert (wrong.code, wrong.problem["status"]) == (4, 401)
    assert run(ana, "whoami").code == 0
    left = run(ana, "logout", "--json")
    assert (left.code, left.document["signed_in"]) == (0, False)
    assert run(ana, "whoami").code == 4
    assert run(ana, "profiles", "list", "--json").lines[0]["signed_in"] is False


def test_a_session_that_was_ended_elsewhere_is_forgotten_here(run: Run, ana: Machine) -> None:
    kept = spoil(ana)
    body = json.dumps({"refresh_token": kept["refresh_token"]})
    assert run(ana, "api", "revokeToken", "--data", "-", stdin=body).code == 0
    over = run(ana, "conversations", "list", CHAT4ALL_TOKEN="")
    assert (over.code, "Sign in: chat4all login" in over.told) == (4, True)
    assert json.loads(profile_of(ana).read_text())["refresh_token"] == ""


def test_of_two_commands_at_once_one_renews_and_both_go_on(ana: Machine) -> None:
    """Each in a process of its own: a refresh token is good once."""
    kept = spoil(ana)
    command = [sys.executable, "-m", "chat4all_client", "whoami", "--json"]

    def whoami(_: int) -> int:
        return run_process(command, env=ana.variables(), capture_output=True, check=False).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(whoami, range(3))) == [0, 0, 0]
    renewed = json.loads(profile_of(ana).read_text())
    assert renewed["refresh_token"] != kept["refresh_token"]
    assert whoami(0) == 0


def test_tokens_go_to_no_other_server(run: Run, ana: Machine) -> None:
    other = run(ana, "whoami", "--url", "http://127.0.0.1:1")
    assert (other.code, "is signed in at" in other.told) == (4, True)


def test_a_full_disk_costs_nobody_the_session(run: Run, ana: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, written = spoil(ana), os.write
    with monkeypatch.context() as full:

        def write(file: int, data: bytes) -> int:
            if data.isspace():
                raise OSError(28, "No space left on device", str(profile_of(ana)))
            return written(file, data)

        full.setattr(os, "write", write)
        ran = run(ana, "whoami")
        assert (ran.code, "The disk is full" in ran.told) == (1, True)
    assert json.loads(profile_of(ana).read_text())["refresh_token"] == kept["refresh_token"]
    assert run(ana, "whoami").code == 0


def test_no_network_is_exit_code_3_with_the_command_that_goes_on(run: Run, ana: Machine) -> None:
    kept = json.loads(profile_of(ana).read_text())
    profile_of(ana).write_text(json.dumps(kept | {"url": "http://127.0.0.1:1"}))
    words = ["send", kept["user_id"], "hi", "--patience", "0", "--url", "http://127.0.0.1:1"]
    ran = run(ana, *words)
    assert (ran.code, "ConnectError" in ran.told) == (3, True)
    assert "To go on: chat4all send" in ran.told
    assert "--message-id" in ran.told
    told = run(ana, *words, "--json")
    assert (told.problem["code"], "--message-id" in told.problem["again"]) == ("unreachable", True)


def test_what_is_no_profile_says_so(run: Run, ana: Machine) -> None:
    profile_of(ana).write_text("{")
    ran = run(ana, "whoami")
    assert (ran.code, str(profile_of(ana)) in ran.told) == (2, True)
    assert run(ana, "whoami", "--profile", "../x").code == 2
    assert Profiles(profile_of(ana).parents[1]).names() == ["default"]


def test_another_password_ends_the_other_sessions(run: Run, ana: Machine) -> None:
    new = {"CHAT4ALL_PASSWORD": PASSWORD, "CHAT4ALL_NEW_PASSWORD": "another battery"}
    assert run(ana, "password", "--json", **new).document == {"changed": True}
    assert run(ana, "whoami").code == 0
    assert run(ana, "login", ana.name, CHAT4ALL_PASSWORD=PASSWORD).code == 4
