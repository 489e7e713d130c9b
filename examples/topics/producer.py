"""Produce to a topic of one's own: `example.orders`, of which each record becomes a message by the HTTP API.

`python examples/topics/producer.py BOOTSTRAP ORDER_ID TEXT` writes an order;
`python examples/topics/producer.py BOOTSTRAP --forward URL USERNAME PASSWORD CONVERSATION COUNT` sends COUNT of them as messages.

Every topic of the product (`chat4all.*`) has one owner (docs/topics.md), which numbers, stores and publishes in that order: who
wrote to `chat4all.messages` by themselves would announce messages that are in no history. So what comes from elsewhere comes in
over the API. The order's id makes the message's, so a record that is read twice is one message.
"""

import asyncio
import json
import sys
import uuid

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from chat4all_client import Client

TOPIC = "example.orders"


def produce(bootstrap: str, order_id: str, text: str) -> None:
    """Write one order, and wait until all replicas that must have it do."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    if TOPIC not in admin.list_topics():
        admin.create_topics({TOPIC: {"num_partitions": 3}}, wait_for_metadata=True)
    admin.close()
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    order = {"order_id": order_id, "text": text}
    producer.send(TOPIC, key=order_id.encode(), value=json.dumps(order).encode()).get(timeout=30)
    producer.close()


async def forward(bootstrap: str, url: str, username: str, password: str, conversation: str, count: str) -> None:
    """Send orders as messages; an offset is committed when its message is accepted."""
    consumer = KafkaConsumer(
        TOPIC,
        bootstrap_servers=bootstrap,
        group_id="example-orders",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with Client(url, username=username, password=password) as client:
        for _ in range(int(count)):
            order = json.loads((await asyncio.to_thread(next, consumer)).value)
            message_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"order:{order['order_id']}"))
            body = {"conversation_id": conversation, "type": "text", "content": order["text"], "message_id": message_id}
            sent = await client.operations.send_message(body)
            await asyncio.to_thread(consumer.commit)
            print(sent["seq"], order["order_id"])
    consumer.close()


if __name__ == "__main__":
    bootstrap, *words = sys.argv[1:]
    asyncio.run(forward(bootstrap, *words[1:])) if words[0] == "--forward" else produce(bootstrap, *words)
