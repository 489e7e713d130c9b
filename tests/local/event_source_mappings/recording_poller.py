"""A process that runs one mapping, whose function appends each value to a file: `SERVERS TOPIC GROUP UUID FILE`.

Run on its own so that it can be killed.
"""

import asyncio
import json
import os
import sys
from base64 import b64decode
from dataclasses import dataclass

from local.application import KafkaMapping
from local.event_source_mappings import KafkaMappings


@dataclass(frozen=True)
class Result:
    payload: bytes = b"null"
    function_error: str | None = None


async def main(servers: str, topic: str, group: str, uuid: str, file: str) -> None:
    out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def record(_name: str, payload: bytes) -> Result:
        await asyncio.sleep(0.002)
        groups = json.loads(payload)["records"].values()
        lines = [b"%d %s\n" % (r["partition"], b64decode(r["value"])) for group in groups for r in group]
        os.write(out, b"".join(lines))
        return Result()

    mapping = KafkaMapping(
        "Killed", uuid, "worker", topic, group, None, batch_size=20, batching_window_s=0.0, provisioned=True
    )
    mappings = KafkaMappings([mapping], servers, record)
    await mappings.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
