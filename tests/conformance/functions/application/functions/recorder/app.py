"""Leaves each event it gets in a file named after the request that it tells of."""

import json
import os
import pathlib


def handler(event, context):
    path = pathlib.Path(os.environ["FOLDER"], f"record-{event['requestContext']['requestId']}")
    path.with_suffix(".part").write_text(json.dumps(event))
    path.with_suffix(".part").rename(path)
