"""CloudFormation's intrinsic functions.

Reference: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from local.template.errors import TemplateError

Where = tuple[str, ...]

_SUB = re.compile(r"\$\{(!?)([^${}]+)\}")
_CONDITION_FUNCTIONS = {"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"}


class _NoValue:
    def __repr__(self) -> str:
        return "AWS::NoValue"


NO_VALUE: Final = _NoValue()
"""What `!Ref AWS::NoValue` gives: the property or list item that holds it is left out."""


class References(Protocol):
    """What names in a template stand for."""

    def ref(self, name: str, where: Where) -> Any: ...

    def get_att(self, logical_id: str, attribute: str, where: Where) -> Any: ...


def intrinsic(node: Any) -> tuple[str, Any] | None:
    """Return (function, argument) of an intrinsic function, else None."""
    if isinstance(node, dict) and len(node) == 1:
        name, argument = next(iter(node.items()))
        if name in ("Ref", "Condition") or (isinstance(name, str) and name.startswith("Fn::")):
            return name, argument
    return None


def sub_names(text: str) -> list[str]:
    """Return the names in `${…}` of a Fn::Sub text, without those escaped as `${!…}`."""
    return [name.strip() for escaped, name in _SUB.findall(text) if not escaped]


def split_attribute(argument: Any, where: Where) -> tuple[str, str]:
    """Return (logical id, attribute) of a GetAtt argument in either form."""
    if isinstance(argument, str) and "." in argument:
        logical_id, attribute = argument.split(".", 1)
        return logical_id, attribute
    if isinstance(argument, list) and len(argument) == 2 and all(isinstance(each, str) for each in argument):
        return argument[0], argument[1]
    raise TemplateError("Fn::GetAtt takes a logical id and an attribute", where)


class Resolver:
    """Evaluates intrinsic functions anywhere in a document.

    Raises `TemplateError` with the place for anything CloudFormation would refuse, and for functions that need another
    stack (Fn::ImportValue) or a service (Fn::Transform, dynamic references).
    """

    def __init__(self, mappings: Mapping[str, Any], conditions: Mapping[str, Any], references: References) -> None:
        self._mappings = mappings
        self._conditions = conditions
        self._references = references
        self._evaluated: dict[str, bool] = {}
        self._evaluating: list[str] = []
        self._functions: Mapping[str, Callable[[Any, Where], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": self._base64,
        }

    def resolve(self, node: Any, where: Where) -> Any:
        """Return the value of a node; NO_VALUE where the node itself is left out."""
        if call := intrinsic(node):
            name, argument = call
            if name == "Condition":  # outside Conditions it is an ordinary key, as in IAM policies
                return {name: self.resolve(argument, (*where, name))}
            if name not in self._functions:
                raise TemplateError(f"the intrinsic function {name} is not evaluated here", where)
            return self._functions[name](argument, where)
        if isinstance(node, dict):
            resolved = {key: self.resolve(value, (*where, str(key))) for key, value in node.items()}
            return {key: value for key, value in resolved.items() if value is not NO_VALUE}
        if isinstance(node, list):
            items = [self.resolve(item, (*where, str(index))) for index, item in enumerate(node)]
            return [item for item in items if item is not NO_VALUE]
        return _without_dynamic(node, where) if isinstance(node, str) else node

    def chosen(self, node: Any, where: Where) -> Any:
        """Return the branch that Fn::If leaves, without evaluating it further; NO_VALUE for AWS::NoValue."""
        call = intrinsic(node)
        if call and call[0] == "Fn::If":
            branch, inner = self._branch(call[1], where)
            return self.chosen(branch, inner)
        return NO_VALUE if call == ("Ref", "AWS::NoValue") else node

    def condition(self, name: str, where: Where = ()) -> bool:
        """Return whether a condition of the template holds."""
        if name in self._evaluated:
            return self._evaluated[name]
        if name not in self._conditions:
            raise TemplateError(f"the condition {name} is not in Conditions", where)
        if name in self._evaluating:
            raise TemplateError(f"circular conditions: {', '.join(self._evaluating)}", ("Conditions", name))
        self._evaluating.append(name)
        try:
            self._evaluated[name] = self._holds(self._conditions[name], ("Conditions", name))
        finally:
            self._evaluating.pop()
        return self._evaluated[name]

    def _holds(self, node: Any, where: Where) -> bool:
        call = intrinsic(node)
        if not call or call[0] not in _CONDITION_FUNCTIONS:
            raise TemplateError("a condition is one of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition", where)
        name, argument = call
        inner = (*where, name)
        if name == "Condition":
            return self.condition(str(argument), inner)
        least, most = {"Fn::Equals": (2, 2), "Fn::Not": (1, 1)}.get(name, (2, 10))
        if not isinstance(argument, list) or not least <= len(argument) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            raise TemplateError(f"{name} takes a list of {count}", inner)
        if name == "Fn::Equals":
            left, right = (self.resolve(each, inner) for each in argument)
            return text_of(left) == text_of(right)
        parts = [self._holds(each, inner) for each in argument]
        if name == "Fn::Not":
            return not parts[0]
        return all(parts) if name == "Fn::And" else any(parts)

    def _ref(self, argument: Any, where: Where) -> Any:
        if not isinstance(argument, str):
            raise TemplateError("Ref takes a name", where)
        return NO_VALUE if argument == "AWS::NoValue" else self._references.ref(argument, where)

    def _get_att(self, argument: Any, where: Where) -> Any:
        if isinstance(argument, list) and len(argument) == 2:
            argument = [argument[0], self.resolve(argument[1], where)]
        logical_id, attribute = split_attribute(argument, where)
        return self._references.get_att(logical_id, attribute, where)

    def _sub(self, argument: Any, where: Where) -> str:
        inner = (*where, "Fn::Sub")
        text, names = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(text, str) or not isinstance(names, dict):
            raise TemplateError("Fn::Sub takes a text, or a list of a text and a map of names", inner)

        def replace(match: re.Match[str]) -> str:
            name = match.group(2).strip()
            if match.group(1):
                return f"${{{match.group(2)}}}"
            if name in names:
                return self._text(names[name], inner)
            if "." in name:
                return self._text({"Fn::GetAtt": name}, inner)
            return self._text({"Ref": name}, inner)

        return _without_dynamic(_SUB.sub(replace, text), where)

    def _join(self, argument: Any, where: Where) -> str:
        inner = (*where, "Fn::Join")
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            raise TemplateError("Fn::Join takes a delimiter and a list", inner)
        items = self._list(argument[1], inner)
        return _without_dynamic(argument[0].join(self._text(item, inner) for item in items), where)

    def _if(self, argument: Any, where: Where) -> Any:
        branch, inner = self._branch(argument, where)
        return self.resolve(branch, inner)

    def _branch(self, argument: Any, where: Where) -> tuple[Any, Where]:
        inner = (*where, "Fn::If")
        if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
            raise TemplateError("Fn::If takes a condition, a value if it holds and one if not", inner)
        index = 1 if self.condition(argument[0], inner) else 2
        return argument[index], (*inner, str(index))

    def _select(self, argument: Any, where: Where) -> Any:
        inner = (*where, "Fn::Select")
        if not isinstance(argument, list) or len(argument) != 2:
            raise TemplateError("Fn::Select takes an index and a list", inner)
        index, items = self._text(argument[0], inner), self._list(argument[1], inner)
        if not index.isdigit() or int(index) >= len(items):
            raise TemplateError(f"Fn::Select has no item {index} in a list of {len(items)}", inner)
        return items[int(index)]

    def _split(self, argument: Any, where: Where) -> list[str]:
        inner = (*where, "Fn::Split")
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
            raise TemplateError("Fn::Split takes a delimiter and a text", inner)
        return self._text(argument[1], inner).split(argument[0])

    def _find_in_map(self, argument: Any, where: Where) -> Any:
        inner = (*where, "Fn::FindInMap")
        if not isinstance(argument, list) or len(argument) != 3:
            raise TemplateError("Fn::FindInMap takes a map, a top key and a second key", inner)
        names = [self._text(each, inner) for each in argument]
        found: Any = self._mappings
        for name in names:
            if not isinstance(found, Mapping) or name not in found:
                raise TemplateError(f"Mappings has no {'.'.join(names)}", inner)
            found = found[name]
        return found

    def _base64(self, argument: Any, where: Where) -> str:
        return base64.b64encode(self._text(argument, (*where, "Fn::Base64")).encode()).decode()

    def _text(self, node: Any, where: Where) -> str:
        value = self.resolve(node, where)
        if isinstance(value, (str, int, float)):
            return text_of(value)
        raise TemplateError(f"a string is needed, not {value!r}", where)

    def _list(self, node: Any, where: Where) -> list[Any]:
        value = self.resolve(node, where)
        if not isinstance(value, list):
            raise TemplateError(f"a list is needed, not {value!r}", where)
        return value


def _without_dynamic(text: str, where: Where) -> str:
    """Refuse dynamic references but in a function's environment, where they are resolved when the stack starts."""
    if "{{resolve:" in text and where[2:4] != ("Properties", "Environment"):
        raise TemplateError(
            f"the dynamic reference {text} is not resolved here, only in Environment of functions", where
        )
    return text


def text_of(value: Any) -> str:
    """Return a scalar as CloudFormation writes it: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
