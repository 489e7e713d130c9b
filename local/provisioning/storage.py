"""Tables and buckets in a child process: boto3 takes some 50 MB that the stack would carry for ever.

`python -m local.provisioning.storage`: standard input is JSON {dynamodb_url, s3_url, region, tables, buckets}, standard
output is JSON {notes} or {error}.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local.application import Application, Bucket, Table
from local.endpoints import Endpoints
from local.provisioning.buckets import ensure_bucket
from local.provisioning.errors import ProvisioningError
from local.provisioning.tables import ensure_table

_TIMEOUT_S = 120


async def ensure_storage(application: Application, endpoints: Endpoints) -> list[str]:
    """Make tables and buckets in the engines; return notes of what was done or refused.

    Raises:
        ProvisioningError: one cannot be made, or an engine does not answer.
    """
    if not application.tables and not application.buckets:
        return []
    request = {
        "dynamodb_url": endpoints.dynamodb_url,
        "s3_url": endpoints.s3_url,
        "region": endpoints.region,
        "tables": [asdict(table) for table in application.tables],
        "buckets": [asdict(bucket) for bucket in application.buckets],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.provisioning.storage",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2], env=os.environ | {"AWS_EC2_METADATA_DISABLED": "true"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            output, errors = await process.communicate(json.dumps(request).encode())
    except TimeoutError:
        raise ProvisioningError(f"the tables and buckets were not made within {_TIMEOUT_S} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        last = errors.decode(errors="replace").strip().splitlines()[-1:] or ["no output"]
        raise ProvisioningError(f"the tables and buckets could not be made: {last[0]}")
    answer = json.loads(output)
    if "error" in answer:
        raise ProvisioningError(answer["error"])
    return list(answer["notes"])


def make(request: dict[str, Any]) -> list[str]:
    """Make what a request lists, tables first; blocking."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.Session("test", "test", region_name=request["region"])
    config = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 2}, s3={"addressing_style": "path"})
    notes: list[str] = []
    subject = ""
    try:
        if request["tables"]:
            dynamodb = session.client("dynamodb", endpoint_url=request["dynamodb_url"], config=config)
            for table in (Table(**each) for each in request["tables"]):
                subject = f"table {table.name} ({table.logical_id})"
                notes += ensure_table(dynamodb, table)
        if request["buckets"]:
            s3 = session.client("s3", endpoint_url=request["s3_url"], config=config)
            for bucket in (Bucket(**each) for each in request["buckets"]):
                subject = f"bucket {bucket.name} ({bucket.logical_id})"
                notes += ensure_bucket(s3, bucket)
    except (BotoCoreError, ClientError) as error:
        raise ProvisioningError(f"{subject} cannot be made: {error}") from error
    return notes


def main() -> int:
    try:
        answer: dict[str, Any] = {"notes": make(json.load(sys.stdin))}
    except ProvisioningError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
