import json


def handler(event, context):
    print(json.dumps({"level": "INFO", "message": "asked", "path": event.get("rawPath")}))
    if event.get("fail"):
        raise ValueError(event["fail"])
    body = event.get("body", "nothing")
    print(json.dumps({"level": "WARNING", "message": body}))
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps({"said": body})}
