"""The Kafka cluster: its servers, and how this process signs in to it.

Amazon MSK: `none` on port 9092, `scram` (SCRAM-SHA-512 over TLS) on 9096, `iam` (OAUTHBEARER over TLS) on 9098.
docs.aws.amazon.com/msk/latest/developerguide/port-info.html and kafka_apis_iam.html
"""

from dataclasses import dataclass
from typing import Any

from chat4all.config import ConfigurationError, Settings


@dataclass(frozen=True, slots=True)
class Cluster:
    """What clients are made with."""

    bootstrap_servers: str
    """host:port, comma separated."""
    security: str = "none"
    scram_secret: str = ""
    """ARN of the secret with the sign-in data of `scram`."""
    ca_file: str = ""
    """Certificates of authorities in PEM; those of the system where it is empty, which know MSK's."""

    @classmethod
    def of(cls, settings: Settings) -> "Cluster":
        return cls(
            settings.kafka_bootstrap_servers,
            settings.kafka_security,
            settings.kafka_scram_secret,
            settings.kafka_ca_file,
        )

    def client_settings(self) -> dict[str, Any]:
        """kafka-python's settings of servers and security. Reads the secret each time: a changed password holds at once.

        What signing in needs is imported by those who sign in only.

        Raises:
            ConfigurationError: no such security. CredentialsUnavailable: the secret cannot be read.
        """
        settings: dict[str, Any] = {"bootstrap_servers": self.bootstrap_servers.split(",")}
        if self.security == "none":
            return settings
        settings |= {"security_protocol": "SASL_SSL", "ssl_cafile": self.ca_file or None}
        if self.security == "scram":
            from chat4all.kafka.scram import credentials

            username, password = credentials(self.scram_secret)
            sign_in = {"sasl_plain_username": username, "sasl_plain_password": password}
            return settings | {"sasl_mechanism": "SCRAM-SHA-512", **sign_in}
        if self.security == "iam":
            from chat4all.kafka.iam import IamTokens

            return settings | {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_provider": IamTokens()}
        raise ConfigurationError(f"KAFKA_SECURITY={self.security!r} is not none, scram or iam")
