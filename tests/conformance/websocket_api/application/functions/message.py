"""Routes of messages. The message says what to answer."""

import json
import os
import time
from typing import Any

from record import record


def handler(event: dict[str, Any], _context: object) -> Any:
    try:
        message = json.loads(event["body"])
    except (ValueError, RecursionError):
        message = {}
    wish = message if isinstance(message, dict) else {}
    if "silent" not in wish:
        record("MESSAGE", event)
    if "raise" in wish:
        raise RuntimeError("the route broke")
    if "exit" in wish:
        os._exit(3)
    time.sleep(wish.get("sleep", 0))
    if "answer" in wish:
        return wish["answer"]
    if "large" in wish:
        return {"statusCode": 200, "body": "ü" * wish["large"]}
    if "event" in wish:
        return {"statusCode": 200, "body": json.dumps(event)}
    body = str(len(event["body"])) if "length" in wish or len(event["body"]) > 10_000 else event["body"]
    return {"statusCode": 200, "body": f"{event['requestContext']['routeKey']}: {body}"}
