"""The secrets that Kafka's users are made of: one of the stack's own, and those that mappings of the template name."""

import json
import secrets
from collections.abc import Mapping

from local.application import Application
from local.endpoints import Endpoints
from local.kafka_access import KafkaAccess, ScramUser
from local.start_error import StartError
from local.stored_values import secret_versions
from local.stored_values.documents import Documents
from local.stored_values.errors import Refused
from local.stored_values.secrets import SecretStore


def kafka_access(application: Application, endpoints: Endpoints, documents: Documents) -> KafkaAccess:
    """Make the stack's own secret where it is missing, and read all. Raises StartError."""
    if endpoints.kafka_security == "none" or not application.kafka_mappings:
        return KafkaAccess(endpoints, {})
    store = SecretStore(documents, endpoints.region, endpoints.account_id)
    own = endpoints.kafka_scram_secret_arn
    with documents.exclusively():
        _ensure(store, endpoints)
    named = [mapping.scram_secret for mapping in application.kafka_mappings if mapping.scram_secret]
    return KafkaAccess(endpoints, _users(store, [own, *named]))


def _ensure(store: SecretStore, endpoints: Endpoints) -> None:
    try:
        store.find(endpoints.kafka_scram_secret_arn)
    except Refused as error:
        if error.code != "ResourceNotFoundException":
            raise StartError(
                f"The secret of the stack's Kafka, {endpoints.kafka_scram_secret}: {error.message}"
            ) from error
        about = {"description": "Sign-in data of the local stack's Kafka", "kms_key": "", "tags": {}}
        suffix = endpoints.kafka_scram_secret_arn.rpartition("-")[2]
        made = store.create(endpoints.kafka_scram_secret, about, suffix=suffix)
        value = json.dumps({"username": "local", "password": secrets.token_urlsafe(24)})
        store.put_value(made, {"SecretString": value}, None)


def _users(store: SecretStore, arns: list[str]) -> Mapping[str, ScramUser]:
    users = {arn: _user(store, arn) for arn in dict.fromkeys(arns)}
    passwords: dict[str, str] = {}
    for user in users.values():
        if passwords.setdefault(user.username, user.password) != user.password:
            raise StartError(f"Two secrets of Kafka have different passwords for the user {user.username}.")
    return users


def _user(store: SecretStore, arn: str) -> ScramUser:
    try:
        value = secret_versions.find(store.find(arn)["versions"], None, None)["value"]
        given = json.loads(value["SecretString"])
        username, password = given["username"], given["password"]
    except Refused as error:
        raise StartError(f"The secret {arn} of a Kafka mapping: {error.message}") from error
    except (ValueError, LookupError, TypeError):
        username = password = None
    if not all(isinstance(text, str) and text for text in (username, password)):
        raise StartError(
            f'The secret {arn} of a Kafka mapping is not {{"username": "…", "password": "…"}}, as MSK wants it.'
        )
    return ScramUser(username, password)
