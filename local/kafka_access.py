"""How clients of the stack reach its Kafka."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.endpoints import Endpoints


@dataclass(frozen=True, slots=True)
class ScramUser:
    """Sign-in data as MSK wants them in a secret: JSON {"username", "password"}.

    docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
    """

    username: str
    password: str


def client_security(ca_file: str, user: ScramUser) -> Mapping[str, str]:
    """librdkafka's settings of TLS with SCRAM-SHA-512."""
    return {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": user.username,
        "sasl.password": user.password,
        "ssl.ca.location": ca_file,
    }


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """The users of the stack's Kafka by the ARN of their secret; none where it asks for no sign-in."""

    endpoints: Endpoints
    users: Mapping[str, ScramUser]

    def security(self, secret_arn: str | None = None) -> Mapping[str, str]:
        """librdkafka's settings beside the servers: as the user of that secret, by default of the stack's own."""
        if self.endpoints.kafka_security == "none":
            return {}
        return client_security(
            self.endpoints.kafka_ca_file, self.users[secret_arn or self.endpoints.kafka_scram_secret_arn]
        )
