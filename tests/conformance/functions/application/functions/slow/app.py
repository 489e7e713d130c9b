"""Takes longer to import than the init phase may last, and less than the function may run."""

import os
import time

if "AWS_LAMBDA_LOG_STREAM_NAME" in os.environ:
    time.sleep(1.5)


def handler(event, context):
    return "in the end"
