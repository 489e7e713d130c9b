import base64
import time


def handler(event, context):
    for records in event["records"].values():
        for record in records:
            print(f"latency {time.time() - float(base64.b64decode(record['value'])):.6f}")
