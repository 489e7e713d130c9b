def handler(event, _context):
    for records in event["records"].values():
        for record in records:
            print("consumed", record["topic"], record["offset"], flush=True)
