"""`$connect` and `$disconnect`. The query of the handshake says what to answer."""

import os
import time
from typing import Any

from record import record


def handler(event: dict[str, Any], _context: object) -> Any:
    kind = event["requestContext"]["eventType"]
    query = event.get("queryStringParameters") or {}
    if "early" in query:
        event["early"] = _post(event["requestContext"]["connectionId"])
    record(kind, event)
    if "raise" in query:
        raise RuntimeError("$connect broke")
    if "malformed" in query:
        return "welcome"
    time.sleep(float(query.get("sleep", 0)))
    answer: dict[str, Any] = {"statusCode": int(query.get("status", 200)), "body": query.get("body", "")}
    if "subprotocol" in query:
        answer["headers"] = {"Sec-WebSocket-Protocol": query["subprotocol"]}
    return answer


def _post(connection_id: str) -> str:
    """Error code of a POST to the connection that this invocation decides about."""
    import boto3

    client = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["MAIN"])
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=b"early")
    except client.exceptions.GoneException:
        return "GoneException"
    return "posted"
