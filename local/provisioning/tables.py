"""DynamoDB tables, from CloudFormation's properties to CreateTable and UpdateTable.

Update rules: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from collections.abc import Mapping
from typing import Any

from local.application import Table
from local.provisioning.errors import ProvisioningError

Client = Any
"""A boto3 DynamoDB client."""

_COPIED = ("AttributeDefinitions", "KeySchema", "BillingMode")
_INDEX_KEYS = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")


def ensure_table(client: Client, table: Table) -> list[str]:
    """Make a table, or bring an existing one up to date without touching its data; return notes of what it did.

    Raises:
        ProvisioningError: the existing table has other keys or local indexes, which AWS would replace, data and all.
    """
    try:
        existing = client.describe_table(TableName=table.name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        client.create_table(**create_request(table))
        client.get_waiter("table_exists").wait(TableName=table.name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        notes = [f"made table {table.name}"]
    else:
        check_same_keys(table, existing)
        notes = _update(client, table, existing)
    return notes + _ensure_ttl(client, table)


def create_request(table: Table) -> dict[str, Any]:
    """Return the CreateTable request of a table."""
    properties = table.properties
    request: dict[str, Any] = {"TableName": table.name}
    request |= {name: properties[name] for name in _COPIED if name in properties}
    if "ProvisionedThroughput" in properties:
        request["ProvisionedThroughput"] = _throughput(properties["ProvisionedThroughput"])
    for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if properties.get(name):
            request[name] = [_index(index) for index in properties[name]]
    if "StreamSpecification" in properties:
        request["StreamSpecification"] = _stream(properties)
    return request


def check_same_keys(table: Table, existing: Mapping[str, Any]) -> None:
    """Raise ProvisioningError where the keys of a table that has data differ from those of the template."""
    wanted = _keys(table.properties["KeySchema"], table.properties["AttributeDefinitions"])
    found = _keys(existing["KeySchema"], existing["AttributeDefinitions"])
    if wanted != found:
        raise ProvisioningError(
            _replaced(table, f"has the key {_shown(found)}, and the template says {_shown(wanted)}")
        )
    old, new = (_index_keys(each, "LocalSecondaryIndexes") for each in (existing, table.properties))
    if old != new:
        raise ProvisioningError(_replaced(table, "has other local secondary indexes than the template says"))


def _update(client: Client, table: Table, existing: Mapping[str, Any]) -> list[str]:
    notes = []
    old = _index_keys(existing, "GlobalSecondaryIndexes")
    new = _index_keys(table.properties, "GlobalSecondaryIndexes")
    definitions = table.properties["AttributeDefinitions"]
    for name in old.keys() - new.keys():
        _update_index(client, table, definitions, {"Delete": {"IndexName": name}})
        notes.append(f"removed index {name} of table {table.name}")
    for index in table.properties.get("GlobalSecondaryIndexes") or []:
        name = index["IndexName"]
        if name not in old:
            _update_index(client, table, definitions, {"Create": _index(index)})
            notes.append(f"made index {name} of table {table.name}")
        elif old[name] != new[name]:
            raise ProvisioningError(
                f"index {name} of table {table.name} ({table.logical_id}) has other keys or another projection than the "
                "template says, which AWS does not change in place: give the index a new name, or start with --fresh"
            )
    stream = existing.get("StreamSpecification") or {}
    if "StreamSpecification" in table.properties and not stream.get("StreamEnabled"):
        client.update_table(TableName=table.name, StreamSpecification=_stream(table.properties))
        notes.append(f"made the stream of table {table.name}")
    return notes


def _update_index(client: Client, table: Table, definitions: list[dict[str, str]], change: dict[str, Any]) -> None:
    client.update_table(TableName=table.name, AttributeDefinitions=definitions, GlobalSecondaryIndexUpdates=[change])
    client.get_waiter("table_exists").wait(TableName=table.name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def _ensure_ttl(client: Client, table: Table) -> list[str]:
    wanted = table.properties.get("TimeToLiveSpecification") or {}
    enabled = str(wanted.get("Enabled", bool(wanted))).lower() == "true"
    found = client.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    running = found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
    if running == enabled and (not enabled or found.get("AttributeName") == wanted.get("AttributeName")):
        return []
    if running:
        off = {"AttributeName": found["AttributeName"], "Enabled": False}
        client.update_time_to_live(TableName=table.name, TimeToLiveSpecification=off)
    if enabled:
        specification = {"AttributeName": wanted["AttributeName"], "Enabled": True}
        client.update_time_to_live(TableName=table.name, TimeToLiveSpecification=specification)
    return [f"set time to live of table {table.name} {'to ' + wanted['AttributeName'] if enabled else 'off'}"]


def _index(index: Mapping[str, Any]) -> dict[str, Any]:
    request = {name: index[name] for name in _INDEX_KEYS if name in index}
    if "ProvisionedThroughput" in request:
        request["ProvisionedThroughput"] = _throughput(request["ProvisionedThroughput"])
    return request


def _throughput(value: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(units) for name, units in value.items()}


def _stream(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"StreamEnabled": True, "StreamViewType": properties["StreamSpecification"]["StreamViewType"]}


def _keys(schema: list[dict[str, str]], definitions: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    types = {each["AttributeName"]: each["AttributeType"] for each in definitions}
    return {each["KeyType"]: (each["AttributeName"], types.get(each["AttributeName"], "?")) for each in schema}


def _index_keys(description: Mapping[str, Any], kind: str) -> dict[str, Any]:
    definitions = description["AttributeDefinitions"]
    return {
        index["IndexName"]: (
            _keys(index["KeySchema"], definitions),
            index["Projection"].get("ProjectionType", "ALL"),
            sorted(index["Projection"].get("NonKeyAttributes") or []),
        )
        for index in description.get(kind) or []
    }


def _shown(keys: Mapping[str, tuple[str, str]]) -> str:
    return ", ".join(f"{name} ({kind}) as {role}" for role, (name, kind) in sorted(keys.items()))


def _replaced(table: Table, what: str) -> str:
    return (
        f"table {table.name} ({table.logical_id}) {what}. AWS would replace the table and its data: "
        "give it another name, or start with --fresh to lose all data"
    )
