"""docs/webhooks.md: its examples verify what is signed here, and its tables are those of the code."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from chat4all.domain.webhook import EVENTS, WEBHOOKS_MAX
from chat4all.domain.webhook_health import SCHEDULE_S
from chat4all.domain.webhook_signature import secret_of, signed_headers

TEXT = (Path(__file__).resolve().parents[3] / "docs/webhooks.md").read_text()
SECRET, OTHER = secret_of(b"a" * 32), secret_of(b"b" * 32)
EVENT = {"type": "message.created", "data": {"content": "Olá \U0001f600"}}
BODY = json.dumps(EVENT, ensure_ascii=False).encode()
NAMES = (
    "ours",
    "of the former secret",
    "of another secret",
    "with other bytes",
    "with another id",
    "of yesterday",
    "untimed",
)


def cases() -> dict[str, tuple[dict[str, str], bytes, Any]]:
    """Headers, body and what is verified. Signed now: what is old is refused."""
    now = int(time.time())
    return {
        "ours": (signed_headers("id", now, BODY, [SECRET]), BODY, EVENT),
        "of the former secret": (signed_headers("id", now, BODY, [OTHER, SECRET]), BODY, EVENT),
        "of another secret": (signed_headers("id", now, BODY, [OTHER]), BODY, None),
        "with other bytes": (signed_headers("id", now, BODY, [SECRET]), BODY + b" ", None),
        "with another id": ({**signed_headers("id", now, BODY, [SECRET]), "webhook-id": "x"}, BODY, None),
        "of yesterday": (signed_headers("id", now - 86_400, BODY, [SECRET]), BODY, None),
        "untimed": ({**signed_headers("id", now, BODY, [SECRET]), "webhook-timestamp": ""}, BODY, None),
    }


def code(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


@pytest.mark.parametrize("case", NAMES)
def test_the_example_in_python(case: str) -> None:
    headers, body, event = cases()[case]
    names: dict[str, Any] = {}
    exec(code("python"), names)
    assert names["verified"](SECRET, dict(headers), body) == event


def test_the_example_in_javascript(tmp_path: Path) -> None:
    (tmp_path / "verified.mjs").write_text(code("javascript"))
    signed = cases().values()
    asked = [[dict(headers), body.decode()] for headers, body, _ in signed]
    program = (
        'import { verified } from "./verified.mjs";'
        "const [secret, cases] = JSON.parse(process.argv[2]);"
        "console.log(JSON.stringify(cases.map(([headers, body]) => verified(secret, headers, Buffer.from(body)))));"
    )
    (tmp_path / "run.mjs").write_text(program)
    command = ["node", "run.mjs", json.dumps([SECRET, asked])]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [event for *_, event in signed]


def test_the_tables_are_those_of_the_code() -> None:
    assert all(f"`{event}`" in TEXT for event in EVENTS)
    assert f"A user may have {WEBHOOKS_MAX} endpoints" in TEXT
    (row,) = re.findall(r"^\| after the one before \|(.*)\|$", TEXT, re.MULTILINE)
    units = {"s": 1, "min": 60, "h": 3600}
    waits = [cell.split() for cell in row.split("|")[1:]]
    assert [int(number) * units[unit] for number, unit in waits] == list(SCHEDULE_S[1:])
