"""docs/threat-model.md: every boundary has its six letters, and every test that a line names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/threat-model.md").read_text("utf-8")
BOUNDARIES = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
ROW = re.compile(r"^\| ([STRIDE]) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
NAMED = re.compile(r"^`(tests/[\w/]+\.py)::(test_\w+)`$")
EXPECTED = {
    "HTTP API", "WebSocket API", "gRPC", "Webhooks of providers", "Outgoing webhooks", "Presigned addresses of S3", "Kafka",
    "DynamoDB", "Commands of operators", "Pages", "Supply chain",
}  # fmt: skip


def test_every_boundary_is_there() -> None:
    assert BOUNDARIES.keys() == EXPECTED


@pytest.mark.parametrize("boundary", sorted(EXPECTED))
def test_a_boundary_has_its_six_letters_and_each_line_a_test_that_exists_or_a_reason(boundary: str) -> None:
    text = BOUNDARIES[boundary]
    rows = ROW.findall(text)
    assert len(rows) == len(re.findall(r"^\| [A-Z] \|", text, re.MULTILINE)), "a line that cannot be read"
    assert {letter for letter, *_ in rows} == set("STRIDE")
    for _, threat, _, covered in rows:
        found = NAMED.match(covered)
        if found is None:
            assert covered.startswith("reasoned: "), threat
            continue
        path, name = found.groups()
        assert (ROOT / path).exists(), path
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), covered
