"""Versions of the code in git, and putting one in the place of another."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.drills.upgrade.versions import NoSuchVersion, commit, previous, put, unpack


def git(root: Path, *words: str) -> None:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, env=os.environ | who)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for folder in ("functions/a", "layers/x"):
        (root / folder).mkdir(parents=True)
    (root / "functions/a/app.py").write_text("one")
    (root / "layers/x/gone.py").write_text("gone")
    (root / "layers/x/stays.py").write_text("stays")
    git(tmp_path, "init", "-q", str(root))
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "tag", "v1")
    return root


def second(root: Path) -> None:
    (root / "functions/a/app.py").write_text("two")
    (root / "functions/b").mkdir()
    (root / "functions/b/app.py").write_text("new")
    (root / "layers/x/gone.py").unlink()
    git(root, "add", ".")
    git(root, "commit", "-qm", "second")


def test_the_version_before_is_the_one_before_the_last_change_of_code(repository: Path) -> None:
    with pytest.raises(NoSuchVersion, match="no earlier version"):
        previous(repository)
    second(repository)
    (repository / "README").write_text("no code")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "third")
    assert previous(repository) == commit(repository, "v1")
    with pytest.raises(NoSuchVersion, match="v2"):
        commit(repository, "v2")


def test_a_version_takes_the_place_of_another_and_gives_it_back(repository: Path, tmp_path: Path) -> None:
    second(repository)
    old = unpack(repository, "v1", tmp_path / "old")
    assert (old / "functions/b/app.py").read_text() == "new", "a function that it did not have"
    application = unpack(repository, "HEAD", tmp_path / "application")
    assert put(old, application) == 2
    assert (application / "functions/a/app.py").read_text() == "one"
    assert (application / "layers/x/gone.py").exists()
    assert put(unpack(repository, "HEAD", tmp_path / "new"), application) == 2
    assert not (application / "layers/x/gone.py").exists()
    assert put(tmp_path / "new", application) == 0
