"""What a function needs is loaded in Lambda's init phase: making its services afterwards imports nothing more."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = sorted((ROOT / "functions").glob("*/app.py"))
PROGRAM = """
import sys
import app
from chat4all.bootstrap import app as services
before = set(sys.modules)
for name in sys.argv[1:]:
    name, _, channel = name.partition("=")
    service = getattr(services(), name)
    if channel:
        service(channel)
print("\\n".join(sorted(set(sys.modules) - before)))
"""


def used_services(handler: Path) -> list[str]:
    """Names after `app().` in a handler; `<name>=<channel>` of what the functions of channels share."""
    text = handler.read_text()
    shared = {"webhook": "receiver", "send": "connector"}
    of_channel = {f"{shared[kind]}={name}" for kind, name in re.findall(r'(\w+)_function\(app, "(\w+)"\)', text)}
    return sorted(set(re.findall(r"\bapp\(\)\.(\w+)", text)) - {"settings"} | of_channel)


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_services_are_loaded_with_the_handler(handler: Path) -> None:
    environment = {
        "PYTHONPATH": f"{handler.parent}:{ROOT / 'layers/chat4all/python'}",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-c", PROGRAM, *used_services(handler)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    late = [name for name in ran.stdout.split() if not name.startswith("encodings")]
    assert late == []
