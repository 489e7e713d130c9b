import base64
import json

import shop

_pets = shop.pets()


def handler(event, context):
    assert event["eventSource"] == "SelfManagedKafka", event
    for records in event["records"].values():
        for record in records:
            name = json.loads(base64.b64decode(record["value"]))["name"]
            _pets.update_item(
                Key={"name": f"ledger/{name}"},
                UpdateExpression="SET adoptions = :one",
                ExpressionAttributeValues={":one": 1},
            )
