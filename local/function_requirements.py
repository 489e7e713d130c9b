"""What `sam build` installs for a function: the `requirements.txt` of its folder, and of those of its layers.

What is not installed where the stack runs is installed once into a folder of the cache, which comes before the layers.
Source: docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html
"""

import asyncio
import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from local.application import Application, Function
from local.engines.cache import cache_dir, locked, publish
from local.start_error import StartError

_NAME = "requirements.txt"
_HASH = re.compile(r"\s--hash=\S+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Requirements that must be installed before the functions run."""

    file: Path
    folder: Path
    """Import root of what is installed."""


def with_requirements(application: Application) -> tuple[Application, tuple[Wanted, ...]]:
    """Return the application whose functions import what they require, and what must be installed for that."""
    folders = {folder for each in application.functions.values() for folder in (each.code, *each.layers)}
    wanted = {
        folder: Wanted(folder / _NAME, _place(folder / _NAME)) for folder in folders if _is_wanting(folder / _NAME)
    }
    functions = {name: _with_own(function, wanted) for name, function in application.functions.items()}
    return replace(application, functions=functions), tuple(one for one in wanted.values() if not one.folder.exists())


def _with_own(function: Function, wanted: Mapping[Path, Wanted]) -> Function:
    found = [wanted[folder].folder for folder in (function.code, *function.layers) if folder in wanted]
    return replace(function, layers=(*found, *function.layers)) if found else function


def _is_wanting(file: Path) -> bool:
    return file.is_file() and not all(map(_is_installed, _lines(file)))


def _place(file: Path) -> Path:
    """A folder for these requirements on this Python: changed requirements are another folder."""
    text = "\n".join((sys.version, sys.platform, *_lines(file)))
    return cache_dir() / "requirements" / hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(file: Path) -> Iterator[str]:
    """Requirements and options, without comments; those of files named by -r in their place."""
    text = file.read_text("utf-8", errors="replace").replace("\\\n", " ")
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", raw).strip()
        name, _, argument = line.partition(" ")
        if name in ("-r", "--requirement") and (other := file.parent / argument.strip()).is_file():
            yield from _lines(other)
        elif line:
            yield line


def _is_installed(line: str) -> bool:
    if line.startswith("-"):
        return not line.startswith(("-e", "--editable", "-r", "--requirement"))
    try:
        requirement = Requirement(_HASH.sub("", line))
    except InvalidRequirement:
        return False
    if requirement.marker and not requirement.marker.evaluate():
        return True
    try:
        return not requirement.url and requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False


async def install(wanted: Wanted, tell: Callable[[str], None]) -> None:
    """Install with pip into the folder, whole or not at all.

    Raises StartError with pip's own words where it fails, as `sam build` fails.
    """
    place = f"{wanted.file.parent.name}/{wanted.file.name}"
    tell(f"installing {place}")
    await asyncio.to_thread(_install, wanted, place, tell)


def _to_install(file: Path) -> list[str]:
    """Options, and the requirements that are not installed; all of them with hashes, since pip then wants all to have one."""
    lines = list(_lines(file))
    if any(_HASH.search(line) for line in lines):
        return lines
    return [line for line in lines if line.startswith("-") or not _is_installed(line)]


def _install(wanted: Wanted, place: str, tell: Callable[[str], None]) -> None:
    def run(target: Path) -> None:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--target", str(target), "--requirement", "/dev/stdin"]
        done = subprocess.run(  # noqa: S603 - what the template names
            command,
            input="\n".join(_to_install(wanted.file)),
            capture_output=True,
            text=True,
            check=False,
            cwd=wanted.file.parent,
        )
        if done.returncode != 0:
            said = "\n".join(done.stderr.strip().splitlines()[-5:])
            raise StartError(f"The requirements of {place} cannot be installed:\n{said}")

    with locked(f"requirements-{wanted.folder.name}", lambda: tell(f"waiting: another stack installs {place}")):
        if not wanted.folder.exists():
            publish(wanted.folder, run)
