"""Custom::KafkaTopics: creates the topics when the stack is deployed. It always answers, or CloudFormation waits an hour."""

from typing import Any

from chat4all import custom_resource
from chat4all.bootstrap import app
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.topics_resource import apply
from chat4all.logs import logger
from chat4all.observed import observed


@observed("kafka_topics")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The answer, which is also PUT to ResponseURL; invoked by hand, the event has none."""
    failure, done = None, {}
    try:
        done = apply(event, Cluster.of(app().settings))
        logger.info("topics ensured", **done)
    except Exception as error:
        logger.exception("topics not ensured")
        failure = f"{type(error).__name__}: {error}"
    document = custom_resource.answer(event, "kafka-topics", failure, done)
    if "ResponseURL" in event:
        custom_resource.send(event["ResponseURL"], document)
    return document
