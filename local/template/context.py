"""What every reader of resources shares: the resources, their names, and checked access to properties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from local.application import LEFT_OUT, Ignored
from local.endpoints import Endpoints
from local.template.addresses import AddressRewriter
from local.template.errors import Problems, TemplateError
from local.template.identities import Identities
from local.template.intrinsics import NO_VALUE, Resolver, Where, text_of
from local.template.resources import Resource
from local.template.translation import Translation


class Properties:
    """Resolved properties of a resource (or of a part of one), read with checks that name the place."""

    def __init__(self, values: dict[str, Any], where: Where) -> None:
        self.values = values
        self.where = where

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def error(self, message: str, *path: str) -> TemplateError:
        return TemplateError(message, (*self.where, *path))

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string; without a default the property is required."""
        if name not in self.values:
            if default is None:
                raise self.error(f"{name} is required")
            return default
        value = self.values[name]
        if isinstance(value, (str, int, float)):
            return text_of(value)
        raise self.error(f"must be a string, not {value!r}", name)

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if name in self.values else None

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        value = self.values.get(name, default)
        try:
            if isinstance(value, bool) or int(value) != float(value):
                raise ValueError
        except (TypeError, ValueError):
            raise self.error(f"must be a whole number, not {value!r}", name) from None
        if not least <= int(value) <= most:
            raise self.error(f"must be {least} to {most}, not {value}", name)
        return int(value)

    def boolean(self, name: str, default: bool) -> bool:
        value = text_of(self.values.get(name, default)).lower()
        if value not in ("true", "false"):
            raise self.error(f"must be true or false, not {value!r}", name)
        return value == "true"

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        value, options = self.text(name, default), tuple(allowed)
        if value not in options:
            raise self.error(f"must be {' or '.join(options)} here, not {value!r}", name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings; empty when absent."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, (str, int, float)) for item in value):
            raise self.error(f"must be a list of strings, not {value!r}", name)
        return tuple(text_of(item) for item in value)

    def part(self, name: str, known: Iterable[str] | None = None) -> "Properties":
        """Return a nested map, empty when absent; with `known`, any other name in it is an error."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise self.error(f"must be a map, not {value!r}", name)
        part = Properties(value, (*self.where, name))
        if known is not None:
            part.only(known)
        return part

    def parts(self, name: str) -> list["Properties"]:
        """Return a list of maps; empty when absent."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"must be a list of maps, not {value!r}", name)
        return [Properties(item, (*self.where, name, str(index))) for index, item in enumerate(value)]

    def only(self, known: Iterable[str]) -> None:
        """Raise TemplateError for the names that are not known."""
        names, problems = set(known), Problems()
        for name in self.values:
            with problems.attempt():
                if name not in names:
                    raise self.error(f"the property {name} is not honoured here", name)
        problems.check()

    def string_map(self, name: str) -> dict[str, str]:
        part = self.part(name)
        return {key: part.text(key) for key in part.values}


@dataclass(frozen=True, slots=True)
class Context:
    """The template being loaded."""

    translation: Translation
    resources: Mapping[str, Resource]
    order: tuple[str, ...]
    resolver: Resolver
    identities: Identities
    endpoints: Endpoints
    rewriter: AddressRewriter
    stack_name: str
    without: Sequence[str]
    """What a person leaves out on purpose; of it, here, the ARNs of things outside the template."""
    problems: Problems
    """What keeps the template from running, so far."""
    _ignored: dict[str, str] = field(default_factory=dict)

    def of_type(self, *types: str) -> list[Resource]:
        """Return resources of these types, in the order of the source."""
        return [resource for resource in self.resources.values() if resource.type in types]

    def read(self, resource: Resource, known: Iterable[str], ignored: Mapping[str, str]) -> Properties:
        """Resolve the known properties; note the ignored ones with their reason; any other is an error.

        A property whose value is AWS::NoValue is as good as absent. Raises all errors of the resource's properties.
        """
        names, problems = set(known), Problems()
        values: dict[str, Any] = {}
        for name, raw in resource.properties.items():
            with problems.attempt():
                where = resource.where(name)
                chosen = self.resolver.chosen(raw, where)
                if chosen is NO_VALUE:
                    continue
                if name in ignored:
                    self.ignore(f"{resource.type}.{name}", ignored[name])
                elif name not in names:
                    raise TemplateError(f"the property {name} of {resource.type} is not honoured here", where)
                elif (value := self.resolve(chosen, where)) is not NO_VALUE:
                    values[name] = value
        problems.check()
        return Properties(values, resource.where())

    def resolve(self, node: Any, where: Where) -> Any:
        """Return a node with intrinsics evaluated and addresses of the template's APIs made local."""
        return self.rewriter.rewrite(self.resolver.resolve(node, where))

    def ignore(self, name: str, reason: str) -> None:
        """Note something that is left out; the same name is noted once."""
        self._ignored.setdefault(name, reason)

    def left_out(self, arn: str) -> bool:
        """Return whether something outside the template is left out on purpose; then it is noted."""
        found = any(fnmatchcase(arn, pattern) for pattern in self.without)
        if found:
            self.ignore(arn, LEFT_OUT)
        return found

    def ignored(self) -> tuple[Ignored, ...]:
        return tuple(Ignored(name, reason) for name, reason in self._ignored.items())

    def function_name(self, reference: str, where: Where) -> str:
        """Return the name of a function of this template from its name, ARN, qualified ARN or invocation URI.

        Raises:
            TemplateError: no function of the template has that name.
        """
        name = reference
        if ":function:" in name:
            name = name.split(":function:", 1)[1]
        name = name.split("/invocations")[0].split(":")[0]
        names = [self.identities.name(each) for each in self.of_type("AWS::Lambda::Function")]
        if name not in names:
            raise TemplateError(f"{reference!r} is no function of this template", where)
        return name
