"""The proto by the rules of buf, and against what was released."""

import subprocess
import sys
from pathlib import Path

import pytest

from edge.contract import FILE, descriptors
from edge.write_contract import PROTO, RELEASED, compiled

BUF = Path(sys.executable).with_name("buf")
ADVICE = "scripts/write-proto writes it"


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What protoc makes of proto/ now, with comments."""
    file = tmp_path_factory.mktemp("proto") / "present.binpb"
    file.write_bytes(compiled(with_comments=True))
    return file


def buf(*arguments: str | Path) -> str:
    """What buf says; nothing where it finds nothing."""
    ran = subprocess.run(
        [BUF, *arguments, "--config", PROTO / "buf.yaml"], capture_output=True, text=True, check=False, timeout=120
    )
    return ran.stdout + ran.stderr


def test_the_edge_serves_what_the_proto_says() -> None:
    assert descriptors(FILE.read_bytes()) == descriptors(compiled()), ADVICE


def test_lint(present: Path) -> None:
    assert buf("lint", present) == ""


def test_format() -> None:
    assert buf("format", "--diff", PROTO / "chat4all") == ""


def test_nothing_that_was_released_is_broken(present: Path) -> None:
    assert buf("breaking", present, "--against", RELEASED) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("events.proto", "optional int64 seq = 4;", "optional string seq = 4;", "changed type"),
        ("events.proto", "optional int64 seq = 4;", "", "was deleted"),
        ("users.proto", "rpc GetMe(", "rpc GetMyself(", "was deleted"),
        ("users.proto", "string display_name = 4;", "string name_to_show = 4;", "changed name"),
        ("files.proto", "string content_type = 3;", "string content_type = 33;", "was deleted"),
    ],
)
def test_what_breaks_is_found(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    for source in (PROTO / "chat4all/v1").iterdir():
        text = source.read_text()
        if source.name == file:
            assert old in text
            text = text.replace(old, new)
        target = tmp_path / "chat4all/v1" / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    image = tmp_path / "changed.binpb"
    image.write_bytes(compiled(tmp_path))
    assert said in buf("breaking", image, "--against", RELEASED)
