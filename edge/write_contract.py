"""Writes the descriptors of proto/: what `scripts/write-proto` runs. Needs grpcio-tools, which the container does not have."""

import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.contract import FILE

ROOT = Path(__file__).resolve().parents[1]
PROTO = ROOT / "proto"
RELEASED = PROTO / "released.binpb"
"""The contract as it was last released: a change may add to it, and break nothing (`buf breaking`)."""


class WrongProto(Exception):
    """protoc does not take the files; it has said why."""


def compiled(folder: Path = PROTO, *, with_comments: bool = False) -> bytes:
    """The descriptor set of `folder`, with the files of Google that it imports; raises WrongProto."""
    from google.api import annotations_pb2
    from grpc_tools import protoc

    google = Path(annotations_pb2.__file__).parents[2]
    shipped = Path(str(resources.files("grpc_tools"))) / "_proto"
    files = sorted(str(file) for file in folder.glob("chat4all/**/*.proto"))
    with TemporaryDirectory() as temporary:
        to = Path(temporary) / "set.binpb"
        comments = ["--include_source_info"] if with_comments else []
        places = [f"-I{folder}", f"-I{google}", f"-I{shipped}"]
        if protoc.main(["protoc", *places, "--include_imports", *comments, f"--descriptor_set_out={to}", *files]) != 0:
            raise WrongProto(f"protoc does not take {folder}")
        return to.read_bytes()


def main(arguments: Sequence[str]) -> int:
    """Exit code."""
    try:
        found = compiled()
    except WrongProto as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    FILE.write_bytes(found)
    if "--release" in arguments:
        RELEASED.write_bytes(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
