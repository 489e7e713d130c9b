"""Writes down each event; the function `failing` then fails."""

import json
import os
from pathlib import Path


def handler(event, context):
    with Path(os.environ["EVENTS"], context.function_name).open("a") as file:
        file.write(json.dumps(event) + "\n")
    if context.function_name == "failing":
        raise ValueError("as always")
