"""Who is signed in where: a file for each profile, in `$XDG_CONFIG_HOME/chat4all/profiles`, for the user alone."""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.errors import Unreachable

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_ROOM = 8192
"""Bytes: more than a profile has, with tokens of any length that the API gives."""
_LOCKED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What is kept of one sign-in."""

    url: str
    websocket_url: str = ""
    username: str = ""
    user_id: str = ""
    access_token: str = ""
    refresh_token: str = ""
    """Empty: signed out."""


def config_folder() -> Path:
    """`$XDG_CONFIG_HOME/chat4all`, by default `~/.config/chat4all`; it may not be there."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "chat4all"


class Profiles:
    """The profiles of this user of the machine. What is written replaces the file at once or not at all; it is 0600."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = (folder or config_folder()) / "profiles"

    def names(self) -> list[str]:
        """Of all that are kept."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def read(self, name: str) -> Profile | None:
        """One; None where there is none. Raises WrongUse: it cannot be read."""
        path = self._path(name)
        try:
            said = json.loads(path.read_text())
            return Profile(**{field: said[field] for field in Profile.__dataclass_fields__ if field in said})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise WrongUse(f"{path} is no profile ({error}): remove it, then `chat4all login`") from error

    def write(self, name: str, profile: Profile) -> None:
        """Keep it. Raises OSError."""
        with self.room(name) as put:
            put(profile)

    @contextmanager
    def room(self, name: str) -> Iterator["Put"]:
        """Room on the disk for a profile that is about to be known: what is put cannot fail for want of it.

        A refresh token is used up by asking for the next one: on a full disk the session would be lost.

        Raises:
            OSError: there is none.
        """
        path = self._made(name)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(file, b" " * _ROOM)
            os.fsync(file)
            yield Put(file, draft, path)
        finally:
            os.close(file)
            draft.unlink(missing_ok=True)

    def forget_tokens(self, name: str) -> None:
        """Signed out: address and name stay."""
        profile = self.read(name)
        if profile is not None:
            self.write(name, replace(profile, access_token="", refresh_token=""))

    def remove(self, name: str) -> bool:
        """Forget all of it; False: there was none."""
        path = self._path(name)
        found = path.exists()
        path.unlink(missing_ok=True)
        return found

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """One process at a time. Blocks; raises Unreachable after a minute."""
        with open(self._made(name).with_suffix(".lock"), "a", opener=_private) as file:
            deadline = time.monotonic() + _LOCKED_WITHIN_S
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise Unreachable(f"Another command has held {file.name} for a minute") from None
                    time.sleep(0.05)
            yield

    def _made(self, name: str) -> Path:
        """The path, in folders that are there, and the user's alone."""
        path = self._path(name)
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        return path

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or name.startswith("."):
            raise WrongUse(f"A profile's name has letters, digits, - _ and ., not {name!r}")
        return self._folder / f"{name}.json"


@dataclass(frozen=True, slots=True)
class Put:
    """Puts a profile where there is room for it."""

    file: int
    draft: Path
    path: Path

    def __call__(self, profile: Profile) -> None:
        text = json.dumps(asdict(profile)).encode()
        os.pwrite(self.file, text, 0)
        os.ftruncate(self.file, len(text))
        os.fsync(self.file)
        os.replace(self.draft, self.path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
