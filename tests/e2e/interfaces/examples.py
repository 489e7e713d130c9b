"""Runs examples as their first lines tell."""

import asyncio
import os
import sys

from tests.e2e.running_stack import ROOT

EXAMPLES = ROOT / "examples"
WITHIN_S = 240.0


async def run(*words: str, **variables: str) -> str:
    """What an example prints; it ends with 0."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "clients/python")} | variables
    process = await asyncio.create_subprocess_exec(
        *words, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(WITHIN_S):
        out, told = await process.communicate()
    assert process.returncode == 0, told.decode()
    return out.decode()


def python(name: str, *words: str) -> list[str]:
    """The command that runs a Python example."""
    return [sys.executable, str(EXAMPLES / name), *words]
