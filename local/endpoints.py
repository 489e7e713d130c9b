"""Where everything of one running stack listens. All addresses are on loopback."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Ports of a stack and the addresses made of them.

    The engines behind 4566 have ports of their own (`dynamodb_port`, `s3_port`), which functions call directly, and
    Kafka has a second one for its controller (`kafka_controller_port`).
    """

    http_port: int = 8000
    """First HTTP API; a second one of the template takes the next port."""
    websocket_port: int = 8765
    """First WebSocket API; a second one of the template takes the next port."""
    aws_port: int = 4566
    kafka_port: int = 9092
    kafka_controller_port: int = 9093
    console_port: int = 8080
    dynamodb_port: int = 4567
    s3_port: int = 4568
    host: str = "127.0.0.1"
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
        return self.external_kafka_servers or f"{self.host}:{self.kafka_port}"

    def execute_api_url(self, api_id: str, stage: str) -> str:
        """Local address of `https://{api_id}.execute-api.{region}.amazonaws.com/{stage}` for callers of @connections."""
        return f"{self.aws_url}/_aws/execute-api/{api_id}/{stage}"
