"""The bare cost of a send: the engine calls that POST /v1/messages makes, made directly by one process of plain clients.

Run as a program: `engine_calls.py DYNAMODB_URL KAFKA_SERVERS TABLE_PREFIX COUNT` prints the seconds of each round, as JSON.
"""

import json
import sys
import time
import uuid
from typing import Any


def rounds(dynamodb_url: str, kafka_servers: str, prefix: str, count: int) -> list[float]:
    """Seconds of each of `count` rounds of: limit, membership, number, claim, message, and the acknowledged Kafka record."""
    import boto3
    from kafka import KafkaProducer

    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    table: Any = boto3.client("dynamodb", endpoint_url=dynamodb_url, **credentials)
    producer = KafkaProducer(
        bootstrap_servers=kafka_servers.split(","),
        acks="all",
        enable_idempotence=False,
        max_in_flight_requests_per_connection=1,
        linger_ms=0,
        metrics_enabled=False,
    )
    conversation, user = str(uuid.uuid4()), str(uuid.uuid4())
    member = {"conversation_id": {"S": conversation}, "user_id": {"S": user}, "role": {"S": "member"}}
    table.put_item(TableName=f"{prefix}members", Item=member)
    # A partition that no consumer's record of another benchmark waits behind: a type that is put aside.
    seconds = []
    for number in range(count + 5):
        begun = time.perf_counter()
        _round(table, producer, prefix, conversation, user, number)
        seconds.append(time.perf_counter() - begun)
    return seconds[5:]


def _round(table: Any, producer: Any, prefix: str, conversation: str, user: str, number: int) -> None:
    key = {"conversation_id": {"S": conversation}, "user_id": {"S": user}}
    table.update_item(
        TableName=f"{prefix}rate-limits",
        Key={"key": {"S": f"bench:{user}:{number}"}},
        UpdateExpression="SET tat = :t, expires_at = :e",
        ConditionExpression="attribute_not_exists(tat) OR tat <= :t",
        ExpressionAttributeValues={":t": {"N": "1"}, ":e": {"N": "1"}},
    )
    table.get_item(TableName=f"{prefix}members", Key=key, ConsistentRead=True)
    table.update_item(
        TableName=f"{prefix}heads",
        Key={"conversation_id": {"S": conversation}},
        UpdateExpression="ADD last_seq :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="ALL_NEW",
    )
    message_id = str(uuid.uuid4())
    claim = {"message_id": {"S": message_id}, "conversation_id": {"S": conversation}, "seq": {"N": str(number + 1)}}
    claim |= {"fingerprint": {"S": "0" * 64}, "sender_id": {"S": user}, "created_at": {"N": "1795235400000"}}
    condition = "attribute_not_exists(message_id)"
    table.put_item(TableName=f"{prefix}message-ids", Item=claim, ConditionExpression=condition)
    message = {name: claim[name] for name in ("message_id", "conversation_id", "seq", "sender_id", "created_at")}
    message |= {"type": {"S": "text"}, "content": {"S": '"bench"'}, "outbox_bucket": {"S": "bench#0"}}
    message |= {"written_at": {"N": str(number)}}
    condition = "attribute_not_exists(conversation_id)"
    table.put_item(TableName=f"{prefix}messages", Item=message, ConditionExpression=condition)
    value = json.dumps({"specversion": "1.0", "type": "bench", "data": message}).encode()
    producer.send("chat4all.messages.dead_letter", key=conversation.encode(), value=value).get(timeout=10)


if __name__ == "__main__":
    print(json.dumps(rounds(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))))
