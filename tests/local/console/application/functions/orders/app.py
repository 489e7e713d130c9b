import base64


def handler(event, context):
    for records in event["records"].values():
        for record in records:
            print(
                "order",
                record["offset"],
                base64.b64decode(record["value"]).decode(errors="replace") if record["value"] else None,
            )
