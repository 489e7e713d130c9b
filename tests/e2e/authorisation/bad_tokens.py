"""Tokens that must open nothing."""

import json
import time

import boto3
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

SIGNING_SECRET = "chat4all-signing-keys"


def bad_tokens(stack: RunningStack, person: Person) -> dict[str, str | None]:
    """By the names of row.NO_TOKEN."""
    claims = jwt.decode(person.token, options={"verify_signature": False})
    own_key, kid = _signing_key(stack)
    strange_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    past = {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600}
    foreign = {"iss": "https://accounts.example.com", "aud": "another-product"}
    return {
        "none": None,
        "forged": jwt.encode(claims, strange_key, "RS256", {"kid": kid}),
        "unsigned": jwt.encode(claims, None, "none"),
        "foreign": jwt.encode(claims | foreign, own_key, "RS256", {"kid": kid}),
        "expired": jwt.encode(claims | past, own_key, "RS256", {"kid": kid}),
    }


def _signing_key(stack: RunningStack) -> tuple[str, str]:
    """The key that the stack signs with: without it nobody could make a token that is right but for its time or issuer."""
    secrets = boto3.client(
        "secretsmanager",
        endpoint_url=stack.url("aws"),
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    key = json.loads(secrets.get_secret_value(SecretId=SIGNING_SECRET)["SecretString"])
    return key["private_pem"], key["kid"]
