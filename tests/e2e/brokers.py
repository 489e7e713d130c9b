"""Kafka's own view of a running stack's brokers: who leads, who controls."""

import json
import os
import signal
from typing import Any

import boto3
from kafka import KafkaAdminClient

from tests.e2e.running_stack import RunningStack


class Brokers:
    """Asks as the stack's Kafka user, whose sign-in data are in a secret."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        ports = [stack.endpoints[name] for name in ("kafka_port", "kafka_2_port", "kafka_3_port")]
        secrets: Any = boto3.client(
            "secretsmanager",
            endpoint_url=stack.url("aws"),
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        user = json.loads(secrets.get_secret_value(SecretId="AmazonMSK_local")["SecretString"])
        self._settings = {
            "bootstrap_servers": [f"127.0.0.1:{port}" for port in ports],
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": user["username"],
            "sasl_plain_password": user["password"],
            "ssl_cafile": stack.endpoints["kafka_ca_file"],
        }

    def topic(self, name: str) -> dict[str, Any]:
        """{partitions: [{leader_id, replica_nodes, isr_nodes, ...}]}."""
        admin: Any = KafkaAdminClient(**self._settings)
        try:
            return dict(next(topic for topic in admin.describe_topics([name])))
        finally:
            admin.close()

    def config(self, name: str, key: str) -> str:
        """A setting of a topic."""
        from kafka.admin import ConfigResource, ConfigResourceType

        admin: Any = KafkaAdminClient(**self._settings)
        try:
            answer = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
            return str(answer["topic"][name][key]["value"])
        finally:
            admin.close()

    def controller(self) -> int:
        """Id of the broker whose controller leads the quorum."""
        admin: Any = KafkaAdminClient(**self._settings)
        try:
            quorum = admin.describe_metadata_quorum()
            return int(quorum["topics"][0]["partitions"][0]["leader_id"])
        finally:
            admin.close()

    def kill(self, *numbers: int) -> None:
        """kill -9, all at once."""
        pids = [self._stack.engine(f"kafka-{number}")["pid"] for number in numbers]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def all_run(self) -> bool:
        """Whether the stack has started again whatever was killed."""
        return all(self._stack.engine(f"kafka-{number}")["state"] == "running" for number in (1, 2, 3))
