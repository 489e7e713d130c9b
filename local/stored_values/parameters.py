"""Parameters of SSM Parameter Store and their versions.

docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html and
docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html (names and limits)
"""

import re
import time
from typing import Any

from local.stored_values.documents import Document, Documents
from local.stored_values.errors import Refused

TYPES = ("String", "StringList", "SecureString")
_KIND = "parameter"
_NAME = re.compile(r"[a-zA-Z0-9_.\-/]{1,2048}")
_LEVELS = 15
_BYTES = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}
_VERSIONS = 100


class ParameterStore:
    """A parameter is a document {name, versions: [{version, type, value, modified, …}]}, the oldest version first."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def put(self, name: str, values: Document, *, overwrite: bool) -> int:
        """Make a parameter, or a new version of it; return the version.

        `values` are {type (or None: that of the version before), value, description, pattern, tier, data_type}.
        Raises Refused.
        """
        check_name(name)
        with self._documents.exclusively():
            found = self._documents.get(_KIND, name)
            if found and not overwrite:
                text = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
                raise Refused("ParameterAlreadyExists", text)
            last = found["versions"][-1] if found else {}
            version = {**_checked(values, last), "version": last.get("version", 0) + 1, "modified": time.time()}
            kept = (found["versions"] if found else [])[-(_VERSIONS - 1) :]
            self._documents.put(_KIND, name, {"name": name, "versions": [*kept, version]})
        return int(version["version"])

    def version(self, selector: str) -> Document | None:
        """`{name, …}` of the newest version, or of the one that `name:version` asks for. Raises Refused."""
        name, colon, number = selector.partition(":")
        found = self._documents.get(_KIND, name)
        if found is None:
            return None
        if not colon:
            return {"name": name, **found["versions"][-1]}
        chosen = [each for each in found["versions"] if str(each["version"]) == number]
        if not chosen:
            text = f"Systems Manager could not find version {number} of {name}. Verify the version and try again."
            raise Refused("ParameterVersionNotFound", text)
        return {"name": name, **chosen[0]}

    def history(self, name: str) -> list[Document]:
        found = self._documents.get(_KIND, name)
        return [{"name": name, **each} for each in found["versions"]] if found else []

    def newest(self) -> list[Document]:
        """The newest version of every parameter, by name."""
        return [{"name": each["name"], **each["versions"][-1]} for each in self._documents.all(_KIND)]

    def delete(self, name: str) -> bool:
        """Return whether it was there."""
        with self._documents.exclusively():
            there = self._documents.get(_KIND, name) is not None
            self._documents.delete(_KIND, name)
        return there


def check_name(name: str) -> None:
    """Raise Refused for a name that PutParameter does not take."""
    if not _NAME.fullmatch(name) or name.endswith("/"):
        text = (
            'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of '
            "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following "
            "3 symbols .-_"
        )
        raise Refused("ValidationException", text)
    if re.match(r"/?(aws|ssm)", name, re.IGNORECASE):
        text = f'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive): {name}'
        raise Refused("ValidationException", text)
    if "/" in name and not name.startswith("/"):
        raise Refused("ValidationException", "Parameter name must be a fully qualified name.")
    if name.count("/") > _LEVELS:
        text = f"A parameter hierarchy has at most {_LEVELS} levels."
        raise Refused("HierarchyLevelLimitExceededException", text)


def under(path: str, name: str, recursive: bool) -> bool:
    """Whether a parameter lies in a path, at once or anywhere below it."""
    prefix = path if path.endswith("/") else f"{path}/"
    if prefix == "/" and not name.startswith("/"):
        return recursive or "/" not in name
    return name.startswith(prefix) and (recursive or "/" not in name[len(prefix) :])


def _checked(values: Document, last: Document) -> dict[str, Any]:
    kind = values["type"] or last.get("type")
    if kind is None:
        raise Refused("ValidationException", "A parameter type is required when you create a parameter.")
    if last and kind != last["type"]:
        text = f"The parameter is a {last['type']}; its type cannot be changed to {kind}."
        raise Refused("HierarchyTypeMismatchException", text)
    if not values["value"]:
        text = "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length at least 1"
        raise Refused("ValidationException", text)
    if len(values["value"].encode()) > _BYTES[values["tier"]]:
        text = f"{values['tier']} tier parameters support a maximum parameter value of {_BYTES[values['tier']]} characters."
        raise Refused("ValidationException", text)
    if values["pattern"]:
        _check_pattern(values["pattern"], values["value"])
    return {**values, "type": kind}


def _check_pattern(pattern: str, value: str) -> None:
    try:
        matches = re.search(pattern, value)
    except re.error as error:
        raise Refused("InvalidAllowedPatternException", f"AllowedPattern: {error}") from error
    if not matches:
        text = f"Parameter value, cannot be validated against allowedPattern: {pattern}"
        raise Refused("ParameterPatternMismatchException", text)
