"""scripts/admin itself: which stack is meant, whatever stands before or behind it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def admin(*words: str) -> tuple[int, str]:
    ran = subprocess.run([ROOT / "scripts/admin", *words], capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stderr


@pytest.fixture(autouse=True)
def no_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)


def test_the_stack_may_be_named_behind_the_command(tmp_path: Path) -> None:
    code, told = admin("parked", "list", "--data", str(tmp_path))
    assert (code, told) == (1, f"error: The stack on {tmp_path} is not running: start it with scripts/run.\n")


@pytest.mark.parametrize("words", [["--data"], ["parked", "list", "--data="]])
def test_a_stack_without_a_name_is_told(words: list[str]) -> None:
    code, told = admin(*words)
    assert code != 0
    assert "--data takes the folder" in told
