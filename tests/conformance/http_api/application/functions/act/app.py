"""Does what the body says: {"answer": what to return} or one of `ACTS` and its argument."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def nap(seconds: float, then_write: str = "", first_write: str = "") -> Any:
    if first_write:
        Path(first_write).write_text("begun")
    time.sleep(seconds)
    if then_write:
        Path(then_write).write_text("done")
    return {"statusCode": 200, "body": "slept"}


def fail(message: str) -> Any:
    raise RuntimeError(message)


ACTS: dict[str, Callable[[Any], Any]] = {
    "answer": lambda answer: answer,
    "fill": lambda size: {"statusCode": 200, "body": "x" * size},
    "raise": fail,
    "exit": lambda _: os._exit(1),
    "unserializable": lambda _: {"statusCode": 200, "body": {1, 2}},
    "nap": lambda argument: nap(*argument),
}


def handler(event: dict[str, Any], _context: object) -> Any:
    status = (event.get("pathParameters") or {}).get("status")
    if status:
        return {"statusCode": int(status), "body": "a body", "headers": {"content-type": "text/plain"}}
    body = json.loads(event.get("body") or '{"answer": null}')
    ((act, argument),) = body.items()
    return ACTS[act](argument)
