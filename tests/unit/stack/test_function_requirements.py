from dataclasses import replace
from pathlib import Path

import pytest

from local.application import Application, Function
from local.function_requirements import Wanted, with_requirements


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "code").mkdir()
    return tmp_path / "code"


def wanted(code: Path, *layers: Path) -> tuple[Function, tuple[Wanted, ...]]:
    function = Function("Pet", "pet", "arn", "python3.13", "app.handler", code, layers, {}, 3.0, 128)
    application, found = with_requirements(Application(code / "template.yaml", {"pet": function}))
    assert replace(application.functions["pet"], layers=layers) == function
    return application.functions["pet"], found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n\n--index-url https://example.invalid/simple\n",
        "pytest>=7 # a comment\nboto3\n",
        "boto3>=1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n",
        "windows-only==1.0; sys_platform == 'win32'\n",
        "-r other.txt\n",
    ],
)
def test_what_is_installed_wants_nothing(code: Path, text: str) -> None:
    (code / "other.txt").write_text("pytest\n")
    (code / "requirements.txt").write_text(text)
    function, found = wanted(code)
    assert (function.layers, found) == ((), ())


@pytest.mark.parametrize(
    "text",
    ["no-such-package-of-cats\n", "boto3==0.0.1\n", "./cats.whl\n", "-e .\n", "cats @ https://e.invalid/c.whl\n"],
)
def test_what_is_not_installed_comes_before_the_layers(code: Path, tmp_path: Path, text: str) -> None:
    (code / "requirements.txt").write_text(text)
    function, (one,) = wanted(code, tmp_path / "layer")
    assert one.file == code / "requirements.txt"
    assert function.layers == (one.folder, tmp_path / "layer")
    one.folder.mkdir(parents=True)
    again, found = wanted(code, tmp_path / "layer")
    assert (again.layers, found) == (function.layers, ())


def test_other_requirements_are_another_folder(code: Path) -> None:
    folders = set()
    for text in ("cats-of-nobody==1\n", "cats-of-nobody==2\n"):
        (code / "requirements.txt").write_text(text)
        folders.add(wanted(code)[1][0].folder)
    assert len(folders) == 2
