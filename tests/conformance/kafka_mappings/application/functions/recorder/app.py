"""Writes down every event that it gets, and does what the test has ordered for values like those in it."""

import json
import os
import time
from base64 import b64decode
from pathlib import Path

NAME = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
FOLDER = Path(os.environ["EVENTS"])


def handler(event, context):
    _write({"id": context.aws_request_id, "at": time.time(), "event": event})
    try:
        return _answer(event)
    finally:
        _write({"id": context.aws_request_id, "at": time.time()})


def _answer(event):
    records = [record for group in event["records"].values() for record in group]
    values = {record["offset"]: b64decode(record.get("value", "")).decode(errors="replace") for record in records}
    orders = _orders()
    while orders.get("hold") and any(orders["hold"] in value for value in values.values()):
        time.sleep(0.01)
        orders = _orders()
    time.sleep(orders.get("takes_s", 0))
    if "poison" in orders and any(orders["poison"] in value for value in values.values()):
        raise ValueError("poison")
    if "report" in orders:
        return {"batchItemFailures": [_item(record) for record in records if orders["report"] in _value(record)]}
    return orders.get("answer")


def _value(record):
    return b64decode(record.get("value", "")).decode(errors="replace")


def _item(record):
    partition = f"{record['topic']}-{record['partition']}"
    return {"itemIdentifier": {"partition": partition, "offset": record["offset"]}}


def _orders():
    try:
        return json.loads((FOLDER / f"{NAME}.orders").read_text())
    except FileNotFoundError:
        return {}


def _write(line):
    file = os.open(FOLDER / f"{NAME}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        left = memoryview(json.dumps(line).encode() + b"\n")
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)
