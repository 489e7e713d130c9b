"""Secrets Manager.

docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
"""

from collections.abc import Callable
from typing import Any

from local.aws_endpoint.json_protocol import Answer, Input, JsonService
from local.aws_endpoint.secret_descriptions import description, listed, passes, secret_value, versions
from local.aws_endpoint.secret_rotation import Rotations
from local.aws_endpoint.ssm_api import page, refusing
from local.stored_values import secret_versions
from local.stored_values.documents import Document, Documents
from local.stored_values.errors import Refused
from local.stored_values.random_password import PasswordRules, random_password
from local.stored_values.secrets import SecretStore, check_value

_INVALID = "InvalidParameterException"


class SecretsApi:
    """The operations. Those that write do so in one transaction."""

    def __init__(self, documents: Documents, store: SecretStore, rotations: Rotations) -> None:
        self._documents = documents
        self._store = store
        self._rotations = rotations

    def service(self) -> JsonService:
        reads: dict[str, Callable[[Input], Answer]] = {
            "GetSecretValue": self.get_secret_value,
            "BatchGetSecretValue": self.batch_get_secret_value,
            "DescribeSecret": lambda given: description(self._found(given, deleted=True)),
            "ListSecrets": self.list_secrets,
            "ListSecretVersionIds": self.list_secret_version_ids,
            "GetRandomPassword": lambda given: {"RandomPassword": random_password(_password_rules(given))},
        }
        writes: dict[str, Callable[[Input], Answer]] = {
            "CreateSecret": self.create_secret,
            "PutSecretValue": self.put_secret_value,
            "UpdateSecret": self.update_secret,
            "UpdateSecretVersionStage": self.update_secret_version_stage,
            "DeleteSecret": self.delete_secret,
            "RestoreSecret": self.restore_secret,
            "TagResource": self.tag_resource,
            "UntagResource": self.untag_resource,
            "RotateSecret": self.rotate_secret,
            "CancelRotateSecret": self.cancel_rotate_secret,
        }
        operations = reads | {name: self._as_one(each) for name, each in writes.items()}
        return JsonService("secretsmanager", {name: refusing(each) for name, each in operations.items()}, _INVALID)

    def _as_one(self, operation: Callable[[Input], Answer]) -> Callable[[Input], Answer]:
        def call(given: Input) -> Answer:
            with self._documents.exclusively():
                return operation(given)

        return call

    def _found(self, given: Input, *, deleted: bool = False) -> Document:
        return self._store.find(given.text("SecretId"), deleted=deleted)

    def get_secret_value(self, given: Input) -> Answer:
        return self._value(self._found(given), given.optional_text("VersionId"), given.optional_text("VersionStage"))

    def _value(self, secret: Document, version_id: str | None, stage: str | None) -> dict[str, Any]:
        return secret_value(secret, secret_versions.find(secret["versions"], version_id, stage))

    def batch_get_secret_value(self, given: Input) -> Answer:
        """By SecretIdList or by Filters."""
        ids, filters = given.texts("SecretIdList"), given.maps("Filters")
        if bool(ids) == bool(filters):
            raise given.error("You must include either SecretIdList or Filters, but not both.")
        wanted = ids or [each["name"] for each in self._store.all() if not each["deleted"] and passes(each, filters)]
        values, errors = [], []
        for secret_id in wanted:
            try:
                values.append(self._value(self._store.find(secret_id), None, None))
            except Refused as error:
                errors.append({"SecretId": secret_id, "ErrorCode": error.code, "Message": error.message})
        return {"SecretValues": values, "Errors": errors}

    def list_secrets(self, given: Input) -> Answer:
        deleted, filters = given.boolean("IncludePlannedDeletion"), given.maps("Filters")
        found = [each for each in self._store.all() if (deleted or not each["deleted"]) and passes(each, filters)]
        found.sort(key=lambda each: float(each["created"]), reverse=given.text("SortOrder", "desc") != "asc")
        shown, token = page(given, found, 100, 100)
        return {"SecretList": [listed(each) for each in shown], **token}

    def list_secret_version_ids(self, given: Input) -> Answer:
        secret = self._found(given, deleted=True)
        found = versions(secret, given.boolean("IncludeDeprecated"))
        shown, token = page(given, found, 100, 100)
        return {"ARN": secret["arn"], "Name": secret["name"], "Versions": shown, **token}

    def create_secret(self, given: Input) -> Answer:
        value, token = _new_value(given), given.optional_text("ClientRequestToken")
        name = given.text("Name")
        if given.maps("AddReplicaRegions"):
            raise given.error("The local stack has one region: a secret cannot be replicated.")
        values = {
            "description": given.text("Description", ""),
            "kms_key": given.text("KmsKeyId", ""),
            "tags": _tags(given),
        }
        if token is not None and (same := self._made_with(name, token)):
            secret_versions.add(same["versions"], token, value, [])  # another value with that token is refused
            return {**_identity(same), "VersionId": token}
        secret = self._store.create(name, values)
        if not value:
            return _identity(self._store.save(secret))
        secret, version_id = self._store.put_value(secret, value, token)
        return {**_identity(secret), "VersionId": version_id}

    def _made_with(self, name: str, token: str) -> Document | None:
        found = next((each for each in self._store.all() if each["name"] == name and not each["deleted"]), None)
        return found if found and any(version["id"] == token for version in found["versions"]) else None

    def put_secret_value(self, given: Input) -> Answer:
        value = _new_value(given)
        if not value:
            raise given.error("You must provide either SecretString or SecretBinary.")
        token, stages = given.optional_text("ClientRequestToken"), given.texts("VersionStages")
        secret, version_id = self._store.put_value(self._found(given), value, token, stages)
        labels = next(each["stages"] for each in secret["versions"] if each["id"] == version_id)
        return {**_identity(secret), "VersionId": version_id, "VersionStages": labels}

    def update_secret(self, given: Input) -> Answer:
        secret, value = self._found(given), _new_value(given)
        changes = {name: given.text(member) for name, member in _UPDATED.items() if member in given}
        secret = self._store.save(secret, **changes)
        if not value:
            return _identity(secret)
        secret, version_id = self._store.put_value(secret, value, given.optional_text("ClientRequestToken"))
        return {**_identity(secret), "VersionId": version_id}

    def update_secret_version_stage(self, given: Input) -> Answer:
        secret, stage = self._found(given), given.text("VersionStage")
        source, target = given.optional_text("RemoveFromVersionId"), given.optional_text("MoveToVersionId")
        known = {each["id"]: each["stages"] for each in secret["versions"]}
        holder = next((version_id for version_id, stages in known.items() if stage in stages), None)
        for version_id in (source, target):
            if version_id is not None and version_id not in known:
                text = "Secrets Manager can't find the specified secret version."
                raise Refused("ResourceNotFoundException", text)
        if holder is not None and holder not in (source, target):
            text = f"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to "
            raise given.error(f"{text}version {holder}, so you must explicitly reference that version in it.")
        if source is not None and source != holder:
            raise given.error(f"The staging label {stage} is not attached to version {source}.")
        if target is None and stage == secret_versions.CURRENT:
            raise given.error(f"You can't remove the staging label {stage}: move it to another version.")
        return _identity(self._store.save(secret, versions=secret_versions.move(secret["versions"], stage, target)))

    def delete_secret(self, given: Input) -> Answer:
        """The window is 7 to 30 days; deleting at once a secret that is not there is no error."""
        force = given.boolean("ForceDeleteWithoutRecovery")
        if force and "RecoveryWindowInDays" in given:
            text = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
            raise given.error(text)
        days = given.integer("RecoveryWindowInDays", 30, 7, 30)
        secret = self._found(given, deleted=force)
        return {**_identity(secret), "DeletionDate": self._store.delete(secret, None if force else days)}

    def restore_secret(self, given: Input) -> Answer:
        return _identity(self._store.save(self._found(given, deleted=True), deleted=None))

    def tag_resource(self, given: Input) -> Answer:
        secret = self._found(given)
        self._store.save(secret, tags=secret["tags"] | _tags(given))
        return {}

    def untag_resource(self, given: Input) -> Answer:
        secret, gone = self._found(given), given.texts("TagKeys")
        self._store.save(secret, tags={key: value for key, value in secret["tags"].items() if key not in gone})
        return {}

    def rotate_secret(self, given: Input) -> Answer:
        secret, version_id = self._rotations.begin(self._found(given), given)
        return {**_identity(secret), "VersionId": version_id} if version_id else _identity(secret)

    def cancel_rotate_secret(self, given: Input) -> Answer:
        secret = self._found(given)
        return _identity(self._store.save(secret, rotation=None))


_UPDATED = {"description": "Description", "kms_key": "KmsKeyId"}


def _identity(secret: Document) -> dict[str, Any]:
    return {"ARN": secret["arn"], "Name": secret["name"]}


def _new_value(given: Input) -> dict[str, str]:
    return check_value(given.optional_text("SecretString"), given.optional_text("SecretBinary"))


def _tags(given: Input) -> dict[str, str]:
    return {str(each.get("Key", "")): str(each.get("Value", "")) for each in given.maps("Tags")}


def _password_rules(given: Input) -> PasswordRules:
    return PasswordRules(
        length=given.integer("PasswordLength", 32, 1, 4096),
        exclude_characters=given.text("ExcludeCharacters", ""),
        exclude_lowercase=given.boolean("ExcludeLowercase"),
        exclude_numbers=given.boolean("ExcludeNumbers"),
        exclude_punctuation=given.boolean("ExcludePunctuation"),
        exclude_uppercase=given.boolean("ExcludeUppercase"),
        include_space=given.boolean("IncludeSpace"),
        require_each_included_type=given.boolean("RequireEachIncludedType", True),
    )
