"""Kafka's own view of a running stack's brokers: who leads, who controls."""

import json
import os
import signal
from typing import Any

import boto3
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.e2e.running_stack import RunningStack


class Brokers:
    """Asks as the stack's Kafka user; where and how, the APIs of MSK and Secrets Manager say."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        msk, secrets = _client(stack, "kafka"), _client(stack, "secretsmanager")
        (cluster,) = msk.list_clusters()["ClusterInfoList"]
        servers = msk.get_bootstrap_brokers(ClusterArn=cluster["ClusterArn"])
        self.cluster_arn = str(cluster["ClusterArn"])
        if "BootstrapBrokerString" in servers:
            self.settings: dict[str, Any] = {"bootstrap_servers": servers["BootstrapBrokerString"].split(",")}
            return
        (self.secret,) = msk.list_scram_secrets(ClusterArn=cluster["ClusterArn"])["SecretArnList"]
        user = json.loads(secrets.get_secret_value(SecretId=self.secret)["SecretString"])
        self.settings = {
            "bootstrap_servers": servers["BootstrapBrokerStringSaslScram"].split(","),
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": user["username"],
            "sasl_plain_password": user["password"],
            "ssl_cafile": stack.endpoints["kafka_ca_file"],
        }

    def topic(self, name: str) -> dict[str, Any]:
        """{partitions: [{leader_id, replica_nodes, isr_nodes, ...}]}."""
        admin: Any = KafkaAdminClient(**self.settings)
        try:
            return dict(next(topic for topic in admin.describe_topics([name])))
        finally:
            admin.close()

    def whole(self) -> bool:
        """Whether all run, and every replica of every partition of every topic is in sync."""
        if not self.all_run():
            return False
        try:
            return all(
                sorted(partition["isr_nodes"]) == sorted(partition["replica_nodes"])
                for topic in self._described()
                for partition in topic["partitions"]
            )
        except KafkaError:
            return False

    def led_by(self, number: int) -> int:
        """How many partitions it leads."""
        return sum(part["leader_id"] == number for topic in self._described() for part in topic["partitions"])

    def _described(self) -> list[dict[str, Any]]:
        admin: Any = KafkaAdminClient(**self.settings)
        try:
            return list(admin.describe_topics())
        finally:
            admin.close()

    def config(self, name: str, key: str) -> str:
        """A setting of a topic."""
        from kafka.admin import ConfigResource, ConfigResourceType

        admin: Any = KafkaAdminClient(**self.settings)
        try:
            answer = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
            return str(answer["topic"][name][key]["value"])
        finally:
            admin.close()

    def controller(self) -> int:
        """Id of the broker whose controller leads the quorum."""
        admin: Any = KafkaAdminClient(**self.settings)
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


def _client(stack: RunningStack, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=stack.url("aws"), region_name="us-east-1", **keys)  # type: ignore[call-overload]
