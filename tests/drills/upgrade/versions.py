"""Two versions of the code: this one, and an earlier one from git; a stack runs one of them, and gets the other under way."""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

CODE = ("functions", "layers")
"""What a deployment of functions replaces. The template is this version's: CloudFormation changes tables and settings first."""


class NoSuchVersion(Exception):
    """Git does not have it; says what it has."""


def previous(root: Path) -> str:
    """The commit before the last one that changed the code. Raises NoSuchVersion."""
    commits = _git(root, "log", "-2", "--format=%H", "--", *CODE).decode().split()
    if len(commits) < 2:
        raise NoSuchVersion(
            "git has no earlier version of functions/ and layers/: a shallow clone? (git fetch --unshallow)"
        )
    return commits[1]


def commit(root: Path, name: str) -> str:
    """The commit of a name, such as a tag or HEAD~5. Raises NoSuchVersion."""
    return _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()


def unpack(root: Path, version: str, target: Path) -> Path:
    """The code of a commit in `target`; functions that it did not have yet are those of `root`. Raises NoSuchVersion."""
    target.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", version, *CODE))) as archive:
        archive.extractall(target, filter="data")
    for folder in (root / "functions").iterdir():
        if (folder / "app.py").exists() and not (target / "functions" / folder.name).exists():
            shutil.copytree(folder, target / "functions" / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def put(version: Path, application: Path) -> int:
    """Make the code of `application` that of `version`: how many files were changed. Each file is whole at each moment."""
    staged = application.with_name(f"{application.name}.staged")
    changes = []
    for path in _files(version):
        there = application / path
        if not there.exists() or there.read_bytes() != (version / path).read_bytes():
            (staged / path).parent.mkdir(parents=True, exist_ok=True)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(version / path, staged / path)
            changes.append(path)
    gone = _files(application) - _files(version)
    for path in changes:
        os.replace(staged / path, application / path)
    for path in gone:
        (application / path).unlink()
    shutil.rmtree(staged, ignore_errors=True)
    return len(changes) + len(gone)


def _files(root: Path) -> set[Path]:
    found = (path for part in CODE for path in (root / part).rglob("*") if path.is_file())
    return {path.relative_to(root) for path in found if "__pycache__" not in path.parts}


def _git(root: Path, *words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode().strip() or "no such commit"
        raise NoSuchVersion(f"git {words[0]} {words[-1]}: {said}")
    return done.stdout
