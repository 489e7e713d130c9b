"""Writes down each request, and answers with its properties Physical and Outcome."""

import json
import os
import urllib.request


def handler(event, context):
    with open(os.path.join(os.environ["FOLDER"], "requests"), "a") as file:
        file.write(json.dumps(event) + "\n")
    properties = event["ResourceProperties"]
    same = ("StackId", "RequestId", "LogicalResourceId")
    answer = {name: event[name] for name in same} | {
        "Status": properties.get("Outcome", "SUCCESS"),
        "Reason": "it does not like it",
        "PhysicalResourceId": properties["Physical"],
    }
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).close()
