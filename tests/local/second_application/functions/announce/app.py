import base64
import os

import boto3

_visitors = boto3.resource("dynamodb").Table(os.environ["VISITORS"])
_connections = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["CONNECTIONS"])


def handler(event, context):
    pets = [base64.b64decode(record["value"]) for records in event["records"].values() for record in records]
    for visitor in _visitors.scan(ConsistentRead=True)["Items"]:
        for pet in pets:
            try:
                _connections.post_to_connection(ConnectionId=visitor["connection_id"], Data=pet)
            except _connections.exceptions.GoneException:
                break
