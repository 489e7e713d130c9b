"""The Python client in a process of its own, so that it can be killed, and what may be known of its upload from outside."""

import asyncio
import json
import os
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.people import PASSWORD, Person, ok
from tests.e2e.running_stack import ROOT

MIB = 1024 * 1024
PART = 5 * MIB
PARTS = 8
WITHIN_S = 300.0
"""On a machine on which other tests run, and with a stack that is started again in between."""


def film(folder: Path) -> Path:
    """A file of eight parts, the last of which is short."""
    path = folder / "film.bin"
    path.write_bytes(random.Random(7).randbytes(PARTS * PART - 4321))
    return path


@dataclass
class Sender:
    """Uploads one file: `start` again goes on."""

    url: str
    person: Person
    file: Path
    state: Path
    parallel: int = 2
    process: asyncio.subprocess.Process | None = None
    _told: list[asyncio.Task[tuple[bytes, bytes]]] = field(default_factory=list)

    async def start(self) -> None:
        """Run the command."""
        named = {
            "CHAT4ALL_URL": self.url, "CHAT4ALL_USERNAME": self.person.username, "CHAT4ALL_PASSWORD": PASSWORD,
            "PYTHONPATH": str(ROOT / "clients/python"), "XDG_STATE_HOME": str(self.state), "XDG_CONFIG_HOME": str(self.state),
        }  # fmt: skip
        options = [f"--part-size={PART}", f"--parallel={self.parallel}", f"--patience={WITHIN_S}"]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chat4all_client", "upload", str(self.file), *options, "--json",
            env=os.environ | named, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._told.append(asyncio.create_task(self.process.communicate()))

    async def kill(self) -> None:
        """kill -9; one that has ended is dead already."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self._told[-1]

    async def ended(self) -> dict[str, Any]:
        """The file, when the command has done its work."""
        out, told = await asyncio.wait_for(asyncio.shield(self._told[-1]), WITHIN_S)
        assert self.process is not None
        last = json.loads(out.splitlines()[-1]) if out else {}
        assert self.process.returncode == 0, (last, told.decode())
        return dict(last)

    async def file_id(self) -> str:
        """As soon as the client has written it down."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                for path in (self.state / "chat4all/uploads").glob("*.jsonl"):
                    lines = path.read_bytes().splitlines()
                    if len(lines) > 1:
                        return str(json.loads(lines[1])["file_id"])
                await asyncio.sleep(0.02)

    async def reaches(self, arrived: int) -> None:
        """Wait until so many parts have arrived, or the upload is over."""
        file_id = await self.file_id()
        async with asyncio.timeout(WITHIN_S):
            while True:
                file = ok(await self.person.http.get(f"/v1/files/{file_id}"), 200)
                if file["status"] != "pending" or len(file["upload"]["arrived"]) >= arrived:
                    return
                await asyncio.sleep(0.02)

    async def is_asked_to_be_complete(self) -> None:
        """Wait until all parts are there, and have been put together."""
        await self.reaches(PARTS + 1)
