"""The rules by which a deleted topic is noticed: every topic of the list is expected, and has samples while it exists."""

from typing import Any

from chat4all.kafka.topics import Topic


def rules() -> dict[str, Any]:
    """The file prometheus/rules/topics.yml."""
    names = sorted(name for topic in Topic for name in (str(topic), f"{topic}.dead_letter"))
    expected = [{"record": "chat4all:expected_topic", "expr": "vector(1)", "labels": {"topic": name}} for name in names]
    return {"groups": [{"name": "expected_topics", "rules": expected}]}
