import json
import os
import urllib.request

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic


def handler(event, context):
    admin = AdminClient({"bootstrap.servers": os.environ["BOOTSTRAP_SERVERS"]})
    topics = event["ResourceProperties"]["Topics"]
    for made in admin.create_topics([NewTopic(topic, 2, 1) for topic in topics]).values():
        try:
            made.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    same = ("StackId", "RequestId", "LogicalResourceId")
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "topics", **{name: event[name] for name in same}}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).close()
