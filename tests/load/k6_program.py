"""k6, found on PATH or built once from the Go module proxy, outside the repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "1.8.1"
_MODULE = f"go.k6.io/k6@v{VERSION}"


class NoK6(Exception):
    """There is neither k6 nor what builds it: says what to install."""


def cached() -> Path:
    """Where the built one is, or will be: `$XDG_CACHE_HOME/chat4all`, by default `~/.cache/chat4all`."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "chat4all" / f"k6-{VERSION}" / "k6"


def installed() -> Path | None:
    """One that is there already."""
    on_path = shutil.which("k6")
    if on_path:
        return Path(on_path)
    return cached() if cached().exists() else None


def k6() -> Path:
    """k6; built where it is not there, which takes minutes. Raises NoK6."""
    if found := installed():
        return found
    go = shutil.which("go")
    if go is None:
        raise NoK6(f"k6 is not installed, and there is no Go to build it with: install k6 {VERSION}, or Go.")
    print(f"building k6 {VERSION} (once, some minutes)", file=sys.stderr, flush=True)
    folder = cached().parent
    half = folder.with_name(f"{folder.name}.{os.getpid()}")
    half.mkdir(parents=True, exist_ok=True)
    # Checked against Go's checksum database, as `go install` does unless it is switched off.
    done = subprocess.run(
        [go, "install", _MODULE], env=os.environ | {"GOBIN": str(half)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(half)
        raise NoK6(f"go install {_MODULE} failed: {done.stderr.strip().splitlines()[-1:]}")
    shutil.rmtree(folder, ignore_errors=True)
    half.rename(folder)
    return cached()
