"""A stack for a test to kill: runs the functions of a folder, tells their processes, then waits for ever."""

import asyncio
import json
import sys
from pathlib import Path

from local.application import Application, Function
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService


async def main(folder: Path) -> None:
    function = Function("F", "f", "arn", "python3.13", "app.handler", folder / "f", (), {}, 60, 256)
    service = LambdaService(Application(folder / "template.yaml", {"f": function}), Endpoints(), folder / "logs")
    await service.start()
    idle = await service.invoke("f", b"0")
    busy = asyncio.create_task(service.invoke("f", b"60"))
    await asyncio.sleep(0)
    print(json.dumps([*json.loads(idle.payload), service.start_report["ready"]]), flush=True)
    await busy


asyncio.run(main(Path(sys.argv[1])))
