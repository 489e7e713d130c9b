"""Writes down every event that it gets, with the time."""

import json
import os
import time


def handler(event, context):
    line = json.dumps({"at": time.time(), "event": event}).encode() + b"\n"
    file = os.open(os.path.join(os.environ["EVENTS"], context.function_name), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line)
    os.close(file)
