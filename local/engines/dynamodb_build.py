"""Builds dynoxide, the DynamoDB engine, once: `python3 -m local.engines.dynamodb_build`.

It takes minutes, so `scripts/run` starts it before anything else, beside the installation of the Python packages: standard
library only, any Python 3. Exit codes: 0 it is there; 3 there is no Rust to build it with; 1 the build failed (last line
says why).
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.engines.cache import cache_dir, locked, publish
from local.engines.parent_death import follow_parent, following

VERSION = "3.2.0"
LEAST_RUST = (1, 88)
NO_RUST = 3
_FEATURES = "native-sqlite,http-server,cli"


def dynoxide_path() -> Path:
    """Where the built engine is, or will be."""
    return cache_dir() / f"dynoxide-{VERSION}" / "bin" / "dynoxide"


def log_path() -> Path:
    """What cargo printed last."""
    return cache_dir() / "dynoxide-build.log"


def cause(log: str) -> str:
    """Why cargo failed, of what it printed: its first error and the last cause of it."""
    lines = [line.strip() for line in log.splitlines()]
    first = next((number for number, line in enumerate(lines) if line.startswith("error")), None)
    if first is None:
        return lines[-1] if lines else "it printed nothing"
    causes = [lines[number + 1] for number, line in enumerate(lines[:-1]) if number > first and line == "Caused by:"]
    return ": ".join([lines[first].removeprefix("error:").strip(), *causes[-1:]])


def rust_version(text: str) -> tuple[int, int]:
    """(major, minor) of what `rustc --version` prints; (0, 0) if it prints something else."""
    match = re.match(r"rustc (\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


@dataclass(frozen=True)
class Cargo:
    """A cargo that works, and the variables it needs."""

    program: Path
    variables: dict[str, str]


def find_cargo() -> Cargo | None:
    """A cargo whose rustc is new enough, on PATH or where rustup puts it."""
    folders = [Path(found).parent for found in [shutil.which("cargo")] if found]
    folders.append(Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "bin")
    for folder in folders:
        for variables in _rustup_variables(folder):
            if _rust_works(folder, variables):
                return Cargo(folder / "cargo", variables)
    return None


def _rustup_variables(folder: Path) -> list[dict[str, str]]:
    """None first; then the toolchains beside rustup's own cargo, which it does not find when HOME is another one."""
    beside = folder.resolve().parent.parent / ".rustup"
    return [{}, {"RUSTUP_HOME": str(beside)}] if beside.is_dir() else [{}]


def _rust_works(folder: Path, variables: dict[str, str]) -> bool:
    command = [str(folder / "rustc"), "--version"]
    environment = os.environ | variables
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return rust_version(done.stdout) >= LEAST_RUST and (folder / "cargo").exists()


def build(cargo: Cargo) -> None:
    """Compile and publish. What an interrupted build has compiled is kept and used by the next one.

    Raises CalledProcessError.
    """
    objects = cache_dir() / f"dynoxide-{VERSION}.build"
    environment = dict(os.environ, CARGO_TARGET_DIR=str(objects), CARGO_TERM_COLOR="never", **cargo.variables)
    environment["PATH"] = f"{cargo.program.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"

    def install(folder: Path) -> None:
        options = ["--locked", "--version", VERSION, "--no-default-features", "--features", _FEATURES, "--root"]
        with log_path().open("wb") as log:
            subprocess.run(  # noqa: S603
                following([cargo.program, "install", *options, folder, "dynoxide-rs"], signal.SIGTERM),
                check=True,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    publish(dynoxide_path().parent.parent, install)
    shutil.rmtree(objects, ignore_errors=True)


def main() -> int:
    if dynoxide_path().exists():
        return 0
    # A shell starts background commands with SIGINT ignored; Ctrl-C is to end the build all the same.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    follow_parent(signal.SIGTERM, os.getppid())
    cargo = find_cargo()
    if cargo is None:
        print(f"there is no cargo with Rust {'.'.join(map(str, LEAST_RUST))} or newer")
        return NO_RUST
    with locked(f"dynoxide-{VERSION}", lambda: print("building (another process does)", flush=True)):
        if not dynoxide_path().exists():
            print(f"building dynoxide {VERSION} (once, about 2 minutes)", flush=True)
            try:
                build(cargo)
            except subprocess.CalledProcessError as error:
                said = log_path().read_text("utf-8", "replace")
                print(f"cargo install ended with exit code {error.returncode}: {cause(said)}; log: {log_path()}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
