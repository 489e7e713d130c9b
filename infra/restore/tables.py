"""Tables brought back under other names: by point-in-time recovery, or from a copy on disk where there is none.

Amazon DynamoDB developer guide, "Restoring a DynamoDB table to a point in time": a restored table has keys, indexes and
items; time to live, point-in-time recovery, deletion protection and policies are not restored.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

_KEPT = ("AttributeDefinitions", "KeySchema")
_INDEX_KEPT = ("IndexName", "KeySchema", "Projection")
_READY_WITHIN_S = 6 * 3600
"""A restoration takes minutes to hours, by the size of the largest partition rather than of the table."""
_BATCH = 25
_UNTOLD = 10


class RestoreError(Exception):
    """Why a table was not brought back, with its name."""


class Tables:
    """DynamoDB's tables by boto3's client."""

    def __init__(self, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def names(self, prefix: str) -> list[str]:
        """Those that begin with `prefix`."""
        pages = self._client.get_paginator("list_tables").paginate()
        return [name for page in pages for name in page["TableNames"] if name.startswith(prefix)]

    def restorable_until(self, table: str) -> datetime:
        """The last moment to which the table can be brought back. Raises RestoreError where recovery is off."""
        found = self._client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        recovery = found.get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise RestoreError(f"{table}: point-in-time recovery is off")
        until: datetime = recovery["LatestRestorableDateTime"]
        return until

    def restore(self, table: str, target: str, at: datetime) -> None:
        """Begin to bring `table` back, as it was `at`, under the name `target`."""
        self._client.restore_table_to_point_in_time(
            SourceTableName=table, TargetTableName=target, RestoreDateTime=at, BillingModeOverride="PAY_PER_REQUEST"
        )

    def copy_to(self, table: str, file: Path) -> int:
        """Write every item as a line of JSON; how many."""
        with file.open("w", encoding="utf-8") as lines:
            count = 0
            for item in self.items(table):
                lines.write(json.dumps(item, sort_keys=True, default=_binary) + "\n")
                count += 1
        return count

    def restore_from(self, table: str, target: str, file: Path) -> None:
        """Make `target` with the keys and indexes of `table`, and the items of a copy."""
        described = self._client.describe_table(TableName=table)["Table"]
        wanted = {name: described[name] for name in _KEPT}
        if indexes := described.get("GlobalSecondaryIndexes"):
            wanted["GlobalSecondaryIndexes"] = [{name: index[name] for name in _INDEX_KEPT} for index in indexes]
        self._client.create_table(TableName=target, BillingMode="PAY_PER_REQUEST", **wanted)
        self.wait(target)
        with file.open(encoding="utf-8") as lines:
            self.put(target, (json.loads(line, object_hook=_from_binary) for line in lines))

    def put(self, table: str, items: Iterator[dict[str, Any]]) -> int:
        """Write items; how many. What is throttled is written again."""
        count, batch = 0, []
        for item in items:
            batch.append({"PutRequest": {"Item": item}})
            if len(batch) == _BATCH:
                self._write(table, batch)
                batch = []
            count += 1
        if batch:
            self._write(table, batch)
        return count

    def _write(self, table: str, requests: list[dict[str, Any]]) -> None:
        for tries in range(_UNTOLD):
            answer = self._client.batch_write_item(RequestItems={table: requests})
            requests = answer.get("UnprocessedItems", {}).get(table, [])
            if not requests:
                return
            self._sleep(0.1 * 2**tries)
        raise RestoreError(f"{table}: DynamoDB does not take {len(requests)} items")

    def wait(self, table: str) -> None:
        """Until the table can be used. Raises RestoreError when that takes too long."""
        for waited in range(0, _READY_WITHIN_S, 5):
            if self._client.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE":
                return
            self._sleep(5 if waited else 0.2)
        raise RestoreError(f"{table}: not ready after {_READY_WITHIN_S} s")

    def keys(self, table: str) -> tuple[str, ...]:
        """Names of the attributes of the primary key."""
        schema = self._client.describe_table(TableName=table)["Table"]["KeySchema"]
        return tuple(part["AttributeName"] for part in schema)

    def items(self, table: str) -> Iterator[dict[str, Any]]:
        """Every item, in DynamoDB's JSON; strongly consistent."""
        for page in self._client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from page["Items"]

    def delete(self, table: str) -> None:
        """Delete a table of the drill."""
        self._client.delete_table(TableName=table)


def _binary(value: Any) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"binary": value.hex()}
    raise TypeError(f"{type(value).__name__} is none of DynamoDB's")


def _from_binary(value: dict[str, Any]) -> Any:
    # A map of an item may have that name too; there a type stands in it, and no text.
    text = value.get("binary")
    return bytes.fromhex(text) if len(value) == 1 and isinstance(text, str) else value
