"""How the stack starts programs: nothing of Python runs between fork and exec, where a lock of another thread would hang it."""

import ast
from pathlib import Path

LOCAL = Path(__file__).resolve().parents[3] / "local"


def test_no_program_is_started_with_a_preexec_fn() -> None:
    with_one = [
        f"{path.relative_to(LOCAL)}:{call.lineno}"
        for path in LOCAL.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and any(given.arg == "preexec_fn" for given in call.keywords)
    ]
    assert with_one == []
