"""Read what happens from the topic `chat4all.events`, checked against the schemas of docs/schemas.

`pip install kafka-python jsonschema`, then `python examples/topics/consumer.py BOOTSTRAP [COUNT]`; on MSK with the security that
the cluster has (KafkaConsumer's `security_protocol`, `sasl_mechanism`…).

Reading is open to whoever may reach the cluster; `audience` says who may be shown an event, and keeping to that is the reader's
duty: webhooks and `StreamEvents` do it for their readers. Records of one conversation come in order (the key is its id), each at
least once. What the product owns is only read here: nothing is committed in its groups, nothing is produced to its topics.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from kafka import KafkaConsumer

SCHEMAS = Path(__file__).resolve().parents[2] / "docs/schemas"


def main(bootstrap: str, count: str = "0") -> None:
    validators: dict[str, Draft202012Validator] = {}
    consumer = KafkaConsumer(
        "chat4all.events",
        bootstrap_servers=bootstrap,
        group_id="example-consumer",  # a group of one's own: its offsets are nobody else's
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    for read, record in enumerate(consumer, 1):
        event = json.loads(record.value)
        kind = event["type"]
        if kind not in validators:
            schema = SCHEMAS / f"{kind}.json"
            # A type that is newer than this checkout is passed over, not an error: new ones may come at any time.
            validators[kind] = Draft202012Validator(json.loads(schema.read_text()) if schema.exists() else True)
        validators[kind].validate(event["data"])
        shown = {"type": kind, "key": record.key.decode(), "time": event["time"], "data": event["data"]["data"]}
        print(json.dumps(shown), flush=True)
        consumer.commit()  # after it is dealt with: who dies before gets it once more
        if read == int(count):
            break
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
