"""Fails as often as TIMES says for each event, for ever without it."""

import os
import pathlib


def handler(event, context):
    tries = pathlib.Path(os.environ["FOLDER"], f"tries-{context.aws_request_id}")
    with tries.open("a") as file:
        file.write("x")
    if len(tries.read_text()) <= float(os.environ.get("TIMES", "inf")):
        raise ValueError("as asked")
    return {"after": len(tries.read_text())}
