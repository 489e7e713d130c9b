"""Installs MiniStack in an environment of its own, once: `python -m local.engines.ministack_install`.

It pins another botocore than the stack, hence its own environment.
"""

import hashlib
import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

from local.engines.cache import cache_dir, locked
from local.engines.parent_death import follow_parent, following

_REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "ministack.txt"


def _folder() -> Path:
    """One for each lock file and Python: a virtual environment cannot be moved, so it is made where it stays."""
    stamp = hashlib.sha256(_REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    return cache_dir() / f"ministack-{stamp}"


def ministack_python() -> Path:
    """The Python that has MiniStack; it is there only once everything is installed."""
    return _folder() / "complete" / "python"


def install() -> None:
    """Make the environment, or go on with a half-made one. Raises CalledProcessError."""
    folder = _folder()
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    subprocess.run(  # noqa: S603
        following([python, "-m", "pip", "install", *options, "-r", _REQUIREMENTS], signal.SIGTERM),
        check=True,
        stdout=sys.stderr,
    )
    ministack_python().parent.mkdir(exist_ok=True)
    ministack_python().symlink_to(python)


def main() -> int:
    follow_parent(signal.SIGTERM, os.getppid())
    signal.signal(signal.SIGTERM, lambda received, _frame: sys.exit(128 + received))
    with locked(_folder().name, lambda: print("installing MiniStack (another process does)", flush=True)):
        if not ministack_python().exists():
            print("installing MiniStack (once)", flush=True)
            try:
                install()
            except subprocess.CalledProcessError as error:
                print(f"pip ended with exit code {error.returncode}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
