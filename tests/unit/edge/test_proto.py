"""The proto by the rules of buf, and against what was released."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from google.api import annotations_pb2

from edge.contract import FILE, descriptors
from edge.write_contract import PROTO, RELEASED, ROOT, compiled

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


def test_python_code_can_be_generated(tmp_path: Path) -> None:
    """As docs/grpc.md says, in a project of one's own."""
    google = Path(annotations_pb2.__file__).parents[2]
    files = sorted((PROTO / "chat4all/v1").glob("*.proto"))
    out = [f"--python_out={tmp_path}", f"--grpc_python_out={tmp_path}"]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", f"-I{google}", *out, *files]
    subprocess.run(command, check=True, timeout=120)
    asked = "from chat4all.v1 import messages_pb2_grpc as m; print(m.MessagesServiceStub.__name__)"
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.stdout == "MessagesServiceStub\n", ran.stderr


def test_the_container_has_what_the_edge_imports() -> None:
    """Each library that edge imports itself stands in requirements/edge.in."""
    wanted = set((ROOT / "requirements/edge.in").read_text().splitlines())
    known = {"google": "protobuf", "grpc": "grpcio", "grpc_health": "grpcio-health-checking"}
    known |= {"grpc_reflection": "grpcio-reflection", "aws_lambda_powertools": "aws-lambda-powertools"}
    imported = {
        name
        for file in (ROOT / "edge").rglob("*.py")
        if file.name != "write_contract.py"
        for name in re.findall(r"^(?:from|import) (\w+)", file.read_text(), re.MULTILINE)
    }
    ours = {"edge", "chat4all", *sys.stdlib_module_names}
    assert {known.get(name, name) for name in imported - ours} <= wanted


def test_the_dockerfile() -> None:
    ran = subprocess.run(
        [BUF.with_name("hadolint"), ROOT / "edge/Dockerfile"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
