"""Where everything of one running stack listens. All addresses are on loopback."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Ports of a stack and the addresses made of them.

    The engines behind 4566 have ports of their own (`dynamodb_port`, `s3_port`), which functions call directly, and
    each Kafka broker has a second one for its controller (`kafka_controller_port`).
    """

    http_port: int = 8000
    """First HTTP API; a second one of the template takes the next port."""
    websocket_port: int = 8765
    """First WebSocket API; a second one of the template takes the next port."""
    aws_port: int = 4566
    kafka_port: int = 9092
    kafka_controller_port: int = 9093
    kafka_2_port: int = 9094
    """Of the second and third broker, where there are three."""
    kafka_2_controller_port: int = 9095
    kafka_3_port: int = 9096
    kafka_3_controller_port: int = 9097
    console_port: int = 8080
    dynamodb_port: int = 4567
    s3_port: int = 4568
    host: str = "127.0.0.1"
    kafka_brokers: int = 1
    kafka_security: str = "none"
    """`none`, or `scram`: TLS with SCRAM-SHA-512."""
    kafka_ca_file: str = ""
    """Of its certificate authority, in PEM; empty without TLS."""
    region: str = "us-east-1"
    account_id: str = "000000000000"
    external_dynamodb_url: str = ""
    """Of an engine that somebody else runs instead of the stack; the same for the next two."""
    external_s3_url: str = ""
    external_kafka_servers: str = ""
    function_dynamodb_url: str = ""
    """Where functions find DynamoDB when it is not `dynamodb_url`; the same for S3."""
    function_s3_url: str = ""

    @property
    def http_url(self) -> str:
        return f"http://{self.host}:{self.http_port}"

    @property
    def websocket_url(self) -> str:
        return f"ws://{self.host}:{self.websocket_port}"

    @property
    def aws_url(self) -> str:
        return f"http://{self.host}:{self.aws_port}"

    @property
    def console_url(self) -> str:
        return f"http://{self.host}:{self.console_port}"

    @property
    def dynamodb_url(self) -> str:
        return self.external_dynamodb_url or f"http://{self.host}:{self.dynamodb_port}"

    @property
    def s3_url(self) -> str:
        return self.external_s3_url or f"http://{self.host}:{self.s3_port}"

    @property
    def kafka_bootstrap_servers(self) -> str:
        return self.external_kafka_servers or ",".join(f"{self.host}:{port}" for port, _ in self.kafka_node_ports)

    @property
    def kafka_node_ports(self) -> tuple[tuple[int, int], ...]:
        """Of each broker of the stack: that for clients and that of its controller."""
        ports = (
            (self.kafka_port, self.kafka_controller_port),
            (self.kafka_2_port, self.kafka_2_controller_port),
            (self.kafka_3_port, self.kafka_3_controller_port),
        )
        return ports[: self.kafka_brokers]

    @property
    def kafka_scram_secret(self) -> str:
        """Name of the secret with the sign-in data of Kafka; MSK takes only secrets whose name begins so."""
        return "AmazonMSK_local"

    @property
    def kafka_scram_secret_arn(self) -> str:
        return f"arn:aws:secretsmanager:{self.region}:{self.account_id}:secret:{self.kafka_scram_secret}-Kafka1"

    @property
    def kafka_replication_factor(self) -> int:
        """Of topics: 3 on three brokers."""
        return min(3, self.kafka_brokers)

    @property
    def kafka_min_insync_replicas(self) -> int:
        """Replicas that must have a record before it is acknowledged: 2 of 3, MSK's own default."""
        return max(1, self.kafka_replication_factor - 1)

    def execute_api_url(self, api_id: str, stage: str) -> str:
        """Local address of `https://{api_id}.execute-api.{region}.amazonaws.com/{stage}` for callers of @connections."""
        return f"{self.aws_url}/_aws/execute-api/{api_id}/{stage}"
