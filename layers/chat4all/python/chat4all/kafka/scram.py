"""Sign-in data of Kafka, from Secrets Manager: JSON {"username", "password"} under a name that begins with AmazonMSK_.

docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
"""

import json

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from chat4all.stores.client import SECRETS_MANAGER, WireClient

_TIMEOUT_S = 1.0


class CredentialsUnavailable(Exception):
    """The secret cannot be read, or is not what it should be; says which, and never what is in it."""


def credentials(secret: str) -> tuple[str, str]:
    """User name and password. Raises CredentialsUnavailable."""
    client = WireClient(get_session(), _TIMEOUT_S, _TIMEOUT_S, retries=1, pool=1, service=SECRETS_MANAGER)
    try:
        answer = client.call("GetSecretValue", {"SecretId": secret})
    except (BotoCoreError, ClientError) as error:
        raise CredentialsUnavailable(f"the secret {secret} cannot be read: {error}") from error
    try:
        value = json.loads(answer["SecretString"])
        return str(value["username"]), str(value["password"])
    except (ValueError, LookupError, TypeError):
        # Without the cause: its text might quote the value.
        raise CredentialsUnavailable(f"the secret {secret} is not JSON with username and password") from None
