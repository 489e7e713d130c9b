"""Custom resource: makes topics, and writes what is to be there before any mapping reads."""

import json
import os
import urllib.request

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

SERVERS = os.environ["BOOTSTRAP_SERVERS"]


def handler(event, context):
    properties = event["ResourceProperties"]
    if event["RequestType"] == "Create":
        _make(properties["Topics"], properties.get("Settings", {}))
        _fill(properties["Records"])
    same = ("StackId", "RequestId", "LogicalResourceId")
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "topics", **{name: event[name] for name in same}}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).close()


def _make(topics, settings):
    admin = KafkaAdminClient(bootstrap_servers=SERVERS)
    new = [NewTopic(name, int(count), 1, topic_configs=settings.get(name, {})) for name, count in topics.items()]
    try:
        admin.create_topics(new)
    except TopicAlreadyExistsError:
        pass
    finally:
        admin.close()


def _fill(records):
    producer = KafkaProducer(bootstrap_servers=SERVERS, acks="all", enable_idempotence=False)
    for topic, entries in records.items():
        for entry in entries:
            at = int(entry["At"]) if "At" in entry else None
            producer.send(topic, entry["Value"].encode(), partition=0, timestamp_ms=at).get(10)
    producer.close()
