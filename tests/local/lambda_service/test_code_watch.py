import asyncio
import json
import time
from pathlib import Path

from local.lambda_service.code_watch import Changed, CodeWatch, concerned
from tests.local.lambda_service.conftest import Sandbox, Start


async def test_new_code_runs_without_a_restart(sandbox: Sandbox, start: Start) -> None:
    layer = sandbox.layer("layer", {"part.py": "WORD = 'one'\n"})
    function = sandbox.add("f", "import part\ndef handler(event, context):\n    return part.WORD\n", layers=(layer,))
    service = await start()
    watch = CodeWatch(service, service._application)
    await watch.start()

    async def eventually_answers(expected: str, file: Path, source: str) -> None:
        deadline = time.monotonic() + 20
        while json.loads((await service.invoke("f", b"{}")).payload) != expected:
            assert time.monotonic() < deadline
            change(file, source)  # again, as the watch may not have begun at the first
            await asyncio.sleep(0.5)

    try:
        await eventually_answers("one", function.code / "app.py", "")
        await eventually_answers("two!", layer / "python/part.py", "WORD = 'two!'\n")
        source = "def handler(event, context):\n    return 'three'\n"
        await eventually_answers("three", function.code / "app.py", source)
    finally:
        await watch.stop()


def change(file: Path, source: str) -> None:
    file.write_text(source)


def test_what_a_change_concerns(tmp_path: Path) -> None:
    code = {"a": tmp_path / "functions/a", "b": tmp_path / "functions/b", "ab": tmp_path / "functions/ab"}
    layers = [tmp_path / "layer"]
    assert concerned([tmp_path / "functions/a/app.py"], code, layers) == Changed(frozenset({"a"}), False)
    assert concerned([tmp_path / "layer/python/x.py"], code, layers) == Changed(frozenset(), True)
    assert concerned([tmp_path / "other.py"], code, layers) == Changed(frozenset(), False)
