"""IAM on MSK: a token that this process's role has signed, in the place of a password.

docs.aws.amazon.com/msk/latest/developerguide/configure-clients-for-iam-access-control.html
"""

from aws_msk_iam_sasl_signer import MSKAuthTokenProvider
from botocore.exceptions import NoRegionError
from botocore.session import get_session
from kafka.net.sasl.oauth import AbstractTokenProvider


class IamTokens(AbstractTokenProvider):  # type: ignore[misc]
    """Signs a token for each connection that is made: it holds for 15 minutes, and costs no call."""

    def token(self) -> str:
        """Raises NoRegionError, and what botocore raises without credentials."""
        region = get_session().get_config_variable("region")
        if not region:
            raise NoRegionError
        token, _expires_ms = MSKAuthTokenProvider.generate_auth_token(region)
        return str(token)
