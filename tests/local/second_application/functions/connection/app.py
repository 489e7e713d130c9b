import shop

_visitors = shop.visitors()


def handler(event, context):
    key = {"connection_id": event["requestContext"]["connectionId"]}
    if event["requestContext"]["eventType"] == "CONNECT":
        _visitors.put_item(Item=key)
    else:
        _visitors.delete_item(Key=key)
    return {"statusCode": 200}
