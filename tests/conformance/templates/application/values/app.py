import os

import own
import shared


def handler(event, context):
    return {"layers": [shared.NAME, own.NAME], **os.environ}
