"""Where a disk is full is said where it is known, and not made up where it is not."""

import errno
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

from chat4all_client.cli.exit_codes import text_of
from chat4all_client.cli.main import main
from chat4all_client.client import Client


def test_a_download_names_what_it_could_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def full(*_arguments: Any, **_options: Any) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Client, "download", full)
    monkeypatch.setenv("CHAT4ALL_TOKEN", "a.b.c")
    to = str(tmp_path / "copy.bin")
    file_id = "0190e0a0-0000-7000-8000-00000000000a"
    assert main(["download", file_id, "--to", to, "--url", "http://127.0.0.1:1", "--quiet"]) == 1
    assert f"The disk is full ({to}): make room" in capsys.readouterr().err


def test_what_is_not_known_is_not_said() -> None:
    assert text_of(OSError(errno.ENOSPC, "no space")).startswith("The disk is full: make room")
