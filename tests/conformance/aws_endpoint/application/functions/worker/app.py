import os
import time


def handler(event, context):
    for line in event.get("lines", []):
        print(line, flush=True)
    if event.get("sleep"):
        time.sleep(event["sleep"])
    return {
        "greeting": os.environ.get("GREETING"),
        "password": os.environ.get("PASSWORD"),
        "secret_arn": os.environ.get("SECRET_ARN"),
        "stream": context.log_stream_name,
    }
