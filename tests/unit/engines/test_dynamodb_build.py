import os
from pathlib import Path

import pytest

from local.engines import dynamodb_build
from local.engines.dynamodb_build import NO_RUST, cause, find_cargo, main, rust_version

OFFLINE = """\
    Updating registry.example index
warning: spurious network error (1 try remaining): [6] Could not resolve hostname
error: failed to download from `registry.example`

Caused by:
  failed to query replaced source registry `crates-io`

Caused by:
  [6] Could not resolve hostname (Could not resolve host: registry.example)
"""


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("rustc 1.95.0 (59807616e 2026-04-14)\n", (1, 95)),
        ("rustc 1.88.0-nightly (b0e9259a2 2025-05-01)\n", (1, 88)),
        ("rustc 2.0.0\n", (2, 0)),
        ("", (0, 0)),
        ("error: no default toolchain is configured", (0, 0)),
    ],
)
def test_the_version_of_rust_is_read_from_what_rustc_prints(printed: str, version: tuple[int, int]) -> None:
    assert rust_version(printed) == version


@pytest.mark.parametrize(("version", "found"), [("1.88.0", True), ("1.87.9", False), ("0.99.0", False)])
def test_only_a_cargo_whose_rust_is_new_enough_is_taken(
    version: str, found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cargo", "rustc"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\necho '{name} {version} (abc)'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    cargo = find_cargo()
    assert (cargo is not None and cargo.program == tmp_path / "bin" / "cargo") is found


def test_the_toolchains_beside_rustups_cargo_are_found_when_home_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".cargo" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / ".rustup").mkdir()
    for name in ("cargo", "rustc"):
        (folder / name).write_text('#!/bin/sh\n[ -n "$RUSTUP_HOME" ] && echo "rustc 1.95.0 (abc)"\n')
        (folder / name).chmod(0o755)
    monkeypatch.delenv("RUSTUP_HOME", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    cargo = find_cargo()
    assert cargo is not None
    assert cargo.variables == {"RUSTUP_HOME": str(tmp_path / ".rustup")}


def test_without_rust_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", os.defpath if not Path("/usr/bin/rustc").exists() else str(tmp_path))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(dynamodb_build.signal, "signal", lambda *_: None)
    monkeypatch.setattr(dynamodb_build, "follow_parent", lambda *_: None)
    assert main() == NO_RUST
    assert "Rust 1.88 or newer" in capsys.readouterr().out


def test_the_cause_of_a_failed_build_is_its_first_error_and_what_was_behind_it() -> None:
    assert cause(OFFLINE) == (
        "failed to download from `registry.example`: [6] Could not resolve hostname (Could not resolve host: registry.example)"
    )
    assert cause("error: linker `cc` not found\n") == "linker `cc` not found"
    assert cause("Killed\n") == "Killed"
    assert cause("") == "it printed nothing"
