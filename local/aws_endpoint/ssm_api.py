"""SSM Parameter Store.

docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.json_protocol import Answer, Input, JsonService
from local.endpoints import Endpoints
from local.stored_values.documents import Document
from local.stored_values.errors import Refused
from local.stored_values.parameters import TYPES, ParameterStore, under

_TIERS = ("Standard", "Advanced", "Intelligent-Tiering")


class SsmApi:
    """The operations on parameters."""

    def __init__(self, store: ParameterStore, endpoints: Endpoints) -> None:
        self._store = store
        self._arn = f"arn:aws:ssm:{endpoints.region}:{endpoints.account_id}:parameter/"

    def service(self) -> JsonService:
        operations: dict[str, Callable[[Input], Answer]] = {
            "PutParameter": self.put_parameter,
            "GetParameter": self.get_parameter,
            "GetParameters": self.get_parameters,
            "GetParametersByPath": self.get_parameters_by_path,
            "GetParameterHistory": self.get_parameter_history,
            "DescribeParameters": self.describe_parameters,
            "DeleteParameter": self.delete_parameter,
            "DeleteParameters": self.delete_parameters,
        }
        return JsonService("ssm", {name: refusing(each) for name, each in operations.items()})

    def put_parameter(self, given: Input) -> Answer:
        kind = given.choice("Type", TYPES, TYPES[0]) if "Type" in given else None
        tier = given.choice("Tier", _TIERS, "Standard")
        if given.choice("DataType", ("text",), "text") and "Policies" in given and given.text("Policies"):
            raise given.error("The local stack does not carry out parameter policies.")
        values = {
            "type": kind,
            "value": given.text("Value"),
            "description": given.text("Description", ""),
            "pattern": given.text("AllowedPattern", ""),
            "tier": "Standard" if tier == "Intelligent-Tiering" and len(given.text("Value")) <= 4096 else tier,
            "key_id": given.text("KeyId", "alias/aws/ssm"),
        }
        name = self._name(given.text("Name"))
        version = self._store.put(name, values, overwrite=given.boolean("Overwrite"))
        return {"Version": version, "Tier": values["tier"]}

    def get_parameter(self, given: Input) -> Answer:
        name = given.text("Name")
        found = self._store.version(self._name(name))
        if found is None:
            raise _not_found(name)
        return {"Parameter": self._parameter(found, given, name)}

    def get_parameters(self, given: Input) -> Answer:
        names = given.texts("Names")
        if not 1 <= len(names) <= 10:
            raise given.error("Names has 1 to 10 members.")
        found, invalid = [], []
        for name in dict.fromkeys(names):
            try:
                version = self._store.version(self._name(name))
            except Refused:
                version = None
            if version is None:
                invalid.append(name)
            else:
                found.append(self._parameter(version, given, name))
        return {"Parameters": found, "InvalidParameters": invalid}

    def get_parameters_by_path(self, given: Input) -> Answer:
        path = given.text("Path")
        if not path.startswith("/"):
            raise given.error("The parameter path is not valid: it begins with a slash.")
        if given.maps("ParameterFilters"):
            raise given.error("The local stack does not evaluate ParameterFilters of GetParametersByPath.")
        recursive = given.boolean("Recursive")
        found = [each for each in self._store.newest() if under(path, each["name"], recursive)]
        shown, token = page(given, found, 10, 10)
        return {"Parameters": [self._parameter(each, given) for each in shown], **token}

    def get_parameter_history(self, given: Input) -> Answer:
        name = self._name(given.text("Name"))
        found = self._store.history(name)
        if not found:
            raise _not_found(name)
        shown, token = page(given, found, 50, 50)
        return {
            "Parameters": [{**self._metadata(each), "Value": self._value(each, given), "Labels": []} for each in shown],
            **token,
        }

    def describe_parameters(self, given: Input) -> Answer:
        found = [each for each in self._store.newest() if _passes(given, each)]
        shown, token = page(given, found, 10, 50)
        return {"Parameters": [self._metadata(each) for each in shown], **token}

    def delete_parameter(self, given: Input) -> Answer:
        name = given.text("Name")
        if not self._store.delete(self._name(name)):
            raise _not_found(name)
        return {}

    def delete_parameters(self, given: Input) -> Answer:
        deleted = {name: self._store.delete(self._name(name)) for name in given.texts("Names")}
        return {
            "DeletedParameters": [name for name, there in deleted.items() if there],
            "InvalidParameters": [name for name, there in deleted.items() if not there],
        }

    def _name(self, given: str) -> str:
        """From a name or an ARN, which has one slash before the name, as a path has."""
        name, colon, version = given.removeprefix("arn:").rpartition(":parameter/")[2].partition(":")
        if not given.startswith("arn:"):
            return given
        if not given.startswith(self._arn):
            raise _not_found(given)
        plain = name if "/" not in name else f"/{name}"
        return f"{plain}{colon}{version}" if self._store.history(plain) else f"/{name}{colon}{version}"

    def _parameter(self, found: Document, given: Input, selector: str = "") -> dict[str, Any]:
        answer = {
            "Name": found["name"],
            "Type": found["type"],
            "Value": self._value(found, given),
            "Version": found["version"],
            "LastModifiedDate": found["modified"],
            "ARN": self._arn + found["name"].removeprefix("/"),
            "DataType": "text",
        }
        if ":" in selector and not selector.startswith("arn:"):
            answer["Selector"] = f":{selector.rpartition(':')[2]}"
        return answer

    def _value(self, found: Document, given: Input) -> str:
        """A secure string that was not to be decrypted is text which tells nothing, as KMS's is."""
        if found["type"] != "SecureString" or given.boolean("WithDecryption"):
            return str(found["value"])
        opaque = hashlib.sha512(f"{found['name']}\0{found['version']}\0{found['value']}".encode()).digest()
        return base64.b64encode(opaque).decode()

    def _metadata(self, found: Document) -> dict[str, Any]:
        answer = {
            "Name": found["name"],
            "ARN": self._arn + found["name"].removeprefix("/"),
            "Type": found["type"],
            "LastModifiedDate": found["modified"],
            "Version": found["version"],
            "Tier": found["tier"],
            "Policies": [],
            "DataType": "text",
        }
        optional = {"Description": found["description"], "AllowedPattern": found["pattern"]}
        if found["type"] == "SecureString":
            optional["KeyId"] = found["key_id"]
        return answer | {name: value for name, value in optional.items() if value}


def refusing(operation: Callable[[Input], Answer]) -> Callable[[Input], Answer]:
    """The operation, with what the store refuses as an error of the API."""

    def call(given: Input) -> Answer:
        try:
            return operation(given)
        except Refused as error:
            raise AwsError(400, error.code, error.message) from error

    return call


def page(given: Input, found: list[Document], default: int, most: int) -> tuple[list[Document], dict[str, str]]:
    """A page of MaxResults; the token is how many came before it."""
    size, token = given.integer("MaxResults", default, 1, most), given.text("NextToken", "")
    if token and not token.isdecimal():
        raise AwsError(400, "InvalidNextToken", "The specified token is not valid.")
    begin = int(token or 0)
    more = {"NextToken": str(begin + size)} if begin + size < len(found) else {}
    return found[begin : begin + size], more


def _passes(given: Input, found: Document) -> bool:
    """ParameterFilters of DescribeParameters by Name, Type, Tier and Path."""
    for each in given.maps("ParameterFilters"):
        key, option, values = each.get("Key"), each.get("Option"), [str(value) for value in each.get("Values") or []]
        match (key, option):
            case ("Name", "BeginsWith"):
                passes = any(found["name"].startswith(value) for value in values)
            case ("Name", "Contains"):
                passes = any(value in found["name"] for value in values)
            case ("Path", "Recursive" | "OneLevel" | None):
                passes = any(under(value, found["name"], option == "Recursive") for value in values)
            case ("Name" | "Type" | "Tier", "Equals" | None):
                passes = found[key.lower()] in values
            case _:
                raise AwsError(400, "InvalidFilterKey", f"The local stack does not filter by {key} {option or ''}.")
        if not passes:
            return False
    return True


def _not_found(name: str) -> AwsError:
    return AwsError(400, "ParameterNotFound", f"Parameter {name} not found.")
