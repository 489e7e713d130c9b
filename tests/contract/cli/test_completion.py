"""Completion in the shells themselves, as docs/cli.md says to switch it on."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.contract.cli.terminal import terminal

SHELLS = {
    "bash": ("--norc --noprofile -i", "source <(chat4all completion bash)"),
    "zsh": ("-f -i", "autoload -Uz compinit; compinit -u -D; source <(chat4all completion zsh)"),
    "fish": ("--no-config -i", "chat4all completion fish | source"),
}
ROOT = Path(__file__).resolve().parents[3]


def variables(folder: Path) -> dict[str, str]:
    """A home without settings, where `chat4all` is installed."""
    program = folder / "bin/chat4all"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chat4all_client "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    return {"PATH": path, "HOME": str(folder), "PYTHONPATH": str(ROOT / "clients/python"), "PS1": "$ "}


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_commands_words_and_files(shell: str, tmp_path: Path) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    arguments, switched_on = SHELLS[shell]
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with terminal(
        *arguments.split(), variables=variables(tmp_path), program=["setsid", "--ctty", "--wait", found]
    ) as shown:
        shown.write(f"cd {tmp_path}; {switched_on}; echo rea''dy\r")
        shown.until("ready")
        shown.write("chat4all webh\t")
        shown.until("chat4all webhooks")
        shown.write("deliv\t")
        shown.until("chat4all webhooks deliveries")
        shown.write("x --status pend\t")
        shown.until("chat4all webhooks deliveries x --status pending")
        shown.write("\x15chat4all upload hol\t")
        shown.until("chat4all upload holiday.jpg")
