def handler(event, _context):
    print("connection", event["requestContext"]["connectionId"])
    return {"statusCode": 200}
