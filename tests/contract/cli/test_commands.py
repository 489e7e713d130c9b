"""A day with the command: everything by noun, for people and as JSON."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.cli.conftest import Machine, Run

SignedIn = Callable[[str], Machine]


@pytest.fixture
def ana(signed_in: SignedIn) -> Machine:
    return signed_in("ana")


@pytest.fixture
def bob(signed_in: SignedIn) -> Machine:
    return signed_in("bob")


def conversation(run: Run, one: Machine, *others: Machine) -> str:
    names = [other.name for other in others]
    kind = "private" if len(others) == 1 else "group"
    return str(run(one, "conversations", "create", *names, "--type", kind, "--json").document["id"])


def test_a_conversation_from_the_first_word_to_the_last(run: Run, ana: Machine, bob: Machine) -> None:
    where = conversation(run, ana, bob)
    sent = run(ana, "send", where, "Olá, \x1b[31mBob", "--json").document
    assert (sent["status"], sent["seq"]) == ("accepted", 1)
    answer = run(bob, "send", where, "-", "--reply-to", sent["message_id"], stdin="two\nlines\n")
    assert answer.code == 0
    assert run(bob, "messages", "react", sent["message_id"], "👍").code == 0
    assert run(bob, "conversations", "receipt", where, "--read", "1", "--json").document["read_seq"] == 1
    assert run(ana, "messages", "edit", sent["message_id"], "Olá!", "--json").document["revision"] == 4
    shown = run(ana, "history", where).out
    assert "me: Olá! (edited) 👍" in shown
    assert f"{bob.name} ⤷ “Olá!”: two\n      lines" in shown
    newest = run(bob, "history", where, "--json", "--limit", "1").lines
    assert [message["content"] for message in newest] == ["two\nlines"]
    assert run(ana, "status", sent["message_id"], "--json").document["status"] == "read"
    assert "status: read" in run(ana, "status", sent["message_id"]).out
    assert run(ana, "messages", "unsend", sent["message_id"], "--yes", "--json").document["deleted_at"]
    assert "(unsent)" in run(bob, "history", where).out


def test_what_others_write_does_not_reach_the_terminal_as_it_is(run: Run, ana: Machine, bob: Machine) -> None:
    where = conversation(run, ana, bob)
    assert run(bob, "send", where, "\x1b]0;owned\x07\x9b31m\u202eevil").code == 0
    shown = run(ana, "history", where).out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert "\\u001b" in run(ana, "history", where, "--json").out
    assert "\x1b" not in run(ana, "conversations", "list").out


def test_lists_are_tables_or_a_line_of_json_for_each_item_however_many_pages(
    run: Run, ana: Machine, bob: Machine
) -> None:
    where = conversation(run, ana, bob)
    for number in range(5):
        assert run(ana, "send", where, f"{number}").code == 0
    listed = run(bob, "conversations", "list", "--json").lines
    assert [(each["id"], each["unread_count"]) for each in listed] == [(where, 5)]
    table = run(bob, "conversations", "list").out.splitlines()
    assert table[0].split() == ["ID", "TYPE", "TITLE", "UNREAD_COUNT", "PREVIEW"]
    assert table[1].startswith(where)
    members = run(bob, "conversations", "members", "list", where, "--limit", "1", "--json").lines
    assert len(members) == 1
    assert len(run(bob, "conversations", "members", "list", where, "--all", "--json").lines) == 2
    assert [each["seq"] for each in run(bob, "history", where, "--after", "3", "--json").lines] == [4, 5]
    assert run(bob, "history", where, "--after", "3", "--before", "3").code == 2


def test_a_group_and_who_is_in_it(run: Run, ana: Machine, bob: Machine, signed_in: SignedIn) -> None:
    eva = signed_in("eva")
    where = conversation(run, ana, bob, eva)
    assert run(ana, "conversations", "update", where, "--title", "Trip", "--json").document["title"] == "Trip"
    assert run(ana, "conversations", "members", "update", where, bob.name, "--role", "reader", "--json").code == 0
    refused = run(bob, "send", where, "hi", "--json")
    assert (refused.code, refused.problem["status"], refused.problem["code"]) == (1, 403, "reader")
    assert run(ana, "conversations", "members", "remove", where, eva.name, "--yes").out == "Removed.\n"
    added = run(ana, "conversations", "members", "add", where, eva.name, "--role", "admin", "--json")
    assert added.document["role"] == "admin"
    nobody = run(ana, "conversations", "members", "add", where, "nobody-at-all")
    assert (nobody.code, nobody.told) == (2, "error: There is no user 'nobody-at-all'\n")
    log = run(ana, "admin", "conversation-audit-log", where, "--json").lines
    assert {"member.add", "member.remove", "member.change_role"} <= {each["action"] for each in log}


def test_what_cannot_be_taken_back_is_asked_first(run: Run, ana: Machine, bob: Machine) -> None:
    where = conversation(run, ana, bob)
    unasked = run(ana, "conversations", "delete", where)
    assert (unasked.code, "Say --yes" in unasked.told) == (2, True)
    assert run(ana, "conversations", "show", where).code == 0


def test_routing_rules_as_json_files_and_standard_input(run: Run, ana: Machine, tmp_path: Path) -> None:
    rule = tmp_path / "rule.json"
    rule.write_text(json.dumps({"conditions": {"words": ["refund"]}, "action": {"channels": ["in_app"]}}))
    made = run(ana, "rules", "create", "--data", f"@{rule}", "--name", "Refunds", "--json").document
    moved = run(ana, "rules", "update", made["id"], "--no-enabled", "--json").document
    assert (moved["name"], moved["enabled"]) == ("Refunds", False)
    again = run(ana, "rules", "create", "--data", "-", "--json", stdin=rule.read_text()).document
    assert [each["id"] for each in run(ana, "rules", "list", "--json").lines] == [made["id"], again["id"]]
    wrong = run(ana, "rules", "create", "--data", "{", "--json")
    assert (wrong.code, wrong.problem["code"]) == (2, "usage")
    refused = run(ana, "rules", "create", "--action", '{"channels": ["fax"]}')
    assert (refused.code, "/action/channels" in refused.told) == (1, True)


def test_any_operation_by_its_id(run: Run, ana: Machine, bob: Machine, tmp_path: Path) -> None:
    where = conversation(run, ana, bob)
    answer = run(ana, "api", "getConversation", where).document
    assert answer["id"] == where
    page = run(ana, "api", "listMessages", where, "--query", "limit=1").document
    assert page["items"] == []
    body = {"conversation_id": where, "type": "text", "content": "x"}
    first = run(ana, "api", "sendMessage", "--data", json.dumps(body), "--key", "a-key").document
    assert run(ana, "api", "sendMessage", "--data", json.dumps(body), "--key", "a-key").document == first
    assert run(ana, "api", "getReadiness", "--patience", "0", CHAT4ALL_PROFILE="nobody").code in (0, 3)
    for words in (["api", "fly"], ["api", "getConversation"], ["api", "getMe", "--data", "{}"]):
        assert run(ana, *words).code == 2
    listed = run(ana, "api", "--list", "--json").lines
    assert {"id": "getMe", "method": "GET", "path": "/v1/users/me"}.items() <= next(
        each for each in listed if each["id"] == "getMe"
    ).items()


def test_secrets_are_not_taken_from_the_command_line(run: Run, ana: Machine) -> None:
    words = ["accounts", "create", "telegram", "--name", "Shop", "--settings", '{"bot_token": "x"}']
    refused = run(ana, *words)
    assert (refused.code, "not said on the command line" in refused.told) == (2, True)


def test_conversations_go_by_name_wherever_that_is_safe(run: Run, ana: Machine, bob: Machine) -> None:
    where = conversation(run, ana, bob)
    assert run(ana, "conversations", "show", bob.name, "--json").document["id"] == where
    assert run(ana, "conversations", "members", "list", bob.name).code == 0
    assert run(ana, "conversations", "receipt", bob.name, "--read", "0").code == 0
    assert run(ana, "admin", "conversation-audit-log", bob.name).code == 0
    tried = run(ana, "rules", "test", "--conversation", bob.name, "--message", '{"content": "x"}', "--json")
    assert tried.document["recipients"]
    assert run(ana, "events", "tail", "--conversation", "nobody").code == 2
    assert run(ana, "conversations", "delete", bob.name, "--yes").code == 1


def test_an_audit_log_says_who_did_what_from_where(run: Run, ana: Machine) -> None:
    assert run(ana, "messages", "show", "nope").code == 1
    entry = run(ana, "admin", "audit-log", "--limit", "1").out.splitlines()[1]
    assert "GET /v1/messages/nope" in entry
    assert "127.0.0.1" in entry


def test_an_error_says_everything_once(run: Run, ana: Machine) -> None:
    ran = run(ana, "rules", "create")
    assert ran.told.splitlines() == ["error: /action: Field required (400 invalid)"]
    two = run(ana, "users", "find").told
    assert two.count("?ids") == 1
    assert two.count("?username") == 1
    assert run(ana, "webhooks", "create", "--json").problem.keys() == {"code", "detail"}
    assert "takes 1 in its path (id)" in run(ana, "api", "getUser").told
    assert run(ana, "upload", "nope").told == "error: nope: No such file or directory\n"
    assert "go with --grpc" in run(ana, "events", "tail", "--cursor", "x").told


def test_the_command_alone_shows_what_there_is(run: Run, machine_of: SignedIn) -> None:
    machine = machine_of("ana")
    alone = run(machine)
    assert (alone.code, alone.out) == (2, "")
    assert alone.told.startswith("Usage: chat4all")
    assert run(machine, "-h").out == run(machine, "--help").out
    assert run(machine, "conversations", "members", "-h").code == 0
    assert run(machine, "--version").out.startswith("chat4all ")


def test_a_full_standard_output_is_told_as_any_full_disk(run: Run, ana: Machine) -> None:
    command = [sys.executable, "-m", "chat4all_client", "whoami", "--json"]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, env=ana.variables(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 1
    assert json.loads(ended.stderr)["detail"].startswith("The disk is full: make room")


def test_who_is_to_sign_in_is_told_into_which_profile(run: Run, machine_of: SignedIn) -> None:
    ran = run(machine_of("ana"), "whoami", "--profile", "work", "--json")
    assert (ran.code, ran.problem["again"]) == (4, "chat4all login --profile work")
