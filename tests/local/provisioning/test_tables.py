"""Tables in a real dynoxide."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from local.application import Application, Table
from local.endpoints import Endpoints
from local.provisioning import ProvisioningError
from local.provisioning.storage import ensure_storage

pytestmark = pytest.mark.engines

ID = {"AttributeName": "id", "AttributeType": "S"}
OWNER = {"AttributeName": "owner", "AttributeType": "S"}
HASH = {"AttributeName": "id", "KeyType": "HASH"}
BY_OWNER = {
    "IndexName": "by_owner",
    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def pets(**properties: Any) -> Application:
    base = {"BillingMode": "PAY_PER_REQUEST", "KeySchema": [HASH], "AttributeDefinitions": [ID]}
    return Application(Path("template.yaml"), {}, tables=(Table("Pets", "zoo-pets-table", base | properties),))


@pytest.fixture
def client(dynamodb: str):
    client = boto3.client(
        "dynamodb",
        endpoint_url=dynamodb,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    yield client
    client.close()


async def test_a_table_is_made_once_and_keeps_its_data(client, endpoints: Endpoints):
    application = pets(
        AttributeDefinitions=[ID, OWNER],
        GlobalSecondaryIndexes=[BY_OWNER],
        TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True},
        StreamSpecification={"StreamViewType": "NEW_IMAGE"},
    )
    assert await ensure_storage(application, endpoints) == [
        "made table zoo-pets-table",
        "set time to live of table zoo-pets-table to expires_at",
    ]
    client.put_item(TableName="zoo-pets-table", Item={"id": {"S": "1"}, "owner": {"S": "o"}})
    assert await ensure_storage(application, endpoints) == []
    found = client.query(
        TableName="zoo-pets-table",
        IndexName="by_owner",
        KeyConditionExpression="#o = :o",
        ExpressionAttributeNames={"#o": "owner"},
        ExpressionAttributeValues={":o": {"S": "o"}},
    )
    assert [item["id"]["S"] for item in found["Items"]] == ["1"]
    description = client.describe_table(TableName="zoo-pets-table")["Table"]
    assert description["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}


async def test_indexes_and_time_to_live_follow_the_template(client, endpoints: Endpoints):
    await ensure_storage(pets(), endpoints)
    client.put_item(TableName="zoo-pets-table", Item={"id": {"S": "1"}, "owner": {"S": "o"}})
    indexed = pets(AttributeDefinitions=[ID, OWNER], GlobalSecondaryIndexes=[BY_OWNER])
    assert await ensure_storage(indexed, endpoints) == ["made index by_owner of table zoo-pets-table"]
    found = client.scan(TableName="zoo-pets-table", IndexName="by_owner")
    assert found["Count"] == 1
    other = BY_OWNER | {"Projection": {"ProjectionType": "KEYS_ONLY"}}
    changed = pets(AttributeDefinitions=[ID, OWNER], GlobalSecondaryIndexes=[other])
    with pytest.raises(ProvisioningError, match="index by_owner of table zoo-pets-table"):
        await ensure_storage(changed, endpoints)
    timed = pets(TimeToLiveSpecification={"AttributeName": "a", "Enabled": True})
    assert await ensure_storage(timed, endpoints) == [
        "removed index by_owner of table zoo-pets-table",
        "set time to live of table zoo-pets-table to a",
    ]
    assert await ensure_storage(pets(), endpoints) == ["set time to live of table zoo-pets-table off"]


async def test_other_keys_are_refused_and_the_data_stay(client, endpoints: Endpoints):
    await ensure_storage(pets(), endpoints)
    client.put_item(TableName="zoo-pets-table", Item={"id": {"S": "1"}})
    changed = pets(AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}])
    with pytest.raises(ProvisioningError) as caught:
        await ensure_storage(changed, endpoints)
    assert str(caught.value) == (
        "table zoo-pets-table (Pets) has the key id (S) as HASH, and the template says id (N) as HASH. AWS would replace "
        "the table and its data: give it another name, or start with --fresh to lose all data"
    )
    assert client.scan(TableName="zoo-pets-table")["Count"] == 1


async def test_what_the_engine_refuses_names_the_table(client, endpoints: Endpoints):
    with pytest.raises(ProvisioningError, match=r"table zoo-pets-table \(Pets\) cannot be made"):
        await ensure_storage(pets(AttributeDefinitions=[OWNER]), endpoints)


async def test_an_engine_that_is_not_there(endpoints: Endpoints):
    with pytest.raises(ProvisioningError, match="Could not connect to the endpoint URL"):
        await ensure_storage(pets(), endpoints)
