import json
import os

import boto3
from confluent_kafka import Producer

_table = boto3.resource("dynamodb").Table(os.environ["PETS"])
_producer = Producer({"bootstrap.servers": os.environ["BOOTSTRAP_SERVERS"], "acks": "all"})


def handler(event, context):
    if event["routeKey"].startswith("GET"):
        pet = _table.get_item(Key={"name": event["pathParameters"]["name"]}, ConsistentRead=True).get("Item")
        return pet or {"statusCode": 404, "body": "{}"}
    pet = json.loads(event["body"])
    _table.put_item(Item=pet)
    _producer.produce(os.environ["TOPIC"], key=pet["name"], value=json.dumps(pet))
    return {"statusCode": 202 if _producer.flush(10) == 0 else 503, "body": json.dumps(pet)}
