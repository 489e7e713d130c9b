"""Where this user's programs keep what outlives them (XDG Base Directory Specification)."""

import os
from pathlib import Path


def state_folder() -> Path:
    """`$XDG_STATE_HOME/chat4all`, by default `~/.local/state/chat4all`; made for the user alone where it is not there."""
    base = os.environ.get("XDG_STATE_HOME")
    folder = (Path(base) if base else Path.home() / ".local" / "state") / "chat4all"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
