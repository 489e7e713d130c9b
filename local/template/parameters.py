"""Parameters of a template: defaults, types and constraints.

Rules: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
from collections.abc import Mapping
from typing import Any

from local.template.errors import Problems, TemplateError

_TYPES = ("String", "Number", "List<Number>", "CommaDelimitedList")


def resolve_parameters(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Return the value of every declared parameter: a string, or a list of strings for the list types.

    Raises:
        TemplateError: values are missing or break a constraint, or a given name is not declared; all of them.
    """
    problems = Problems()
    values: dict[str, str | list[str]] = {}
    for name in given:
        with problems.attempt():
            _check_declared(name, declared)
    for name, declaration in declared.items():
        with problems.attempt():
            values[name] = _resolve(name, declaration, given.get(name))
    problems.check()
    return values


def _check_declared(name: str, declared: Mapping[str, Any]) -> None:
    if name not in declared:
        known = ", ".join(declared) or "none"
        raise TemplateError(f"a value is given for parameter {name}, which the template does not declare ({known})")


def _resolve(name: str, declaration: Mapping[str, Any], given: str | None) -> str | list[str]:
    where = ("Parameters", name)
    kind = declaration.get("Type")
    if not isinstance(kind, str):
        raise TemplateError("the parameter has no Type", where)
    if kind.startswith("AWS::SSM::"):
        raise TemplateError(
            f"type {kind} takes its value from SSM, which is not read for parameters here", (*where, "Type")
        )
    if not kind.startswith(("AWS::", "List<AWS::")) and kind not in _TYPES:
        raise TemplateError(f"unknown parameter type {kind}", (*where, "Type"))
    if given is None:
        if "Default" not in declaration:
            advice = f"give one with --parameter {name}=…, or in samconfig.toml, environment local"
            raise TemplateError(f"parameter {name} has no value: {advice}", where)
        value = _text(declaration["Default"])
    else:
        value = given
    is_list = kind.startswith("List<") or kind == "CommaDelimitedList"
    items = [item.strip() for item in value.split(",")] if is_list else [value]
    for item in items:
        _check(where, kind, declaration, item)
    return items if is_list else value


def _check(where: tuple[str, ...], kind: str, declaration: Mapping[str, Any], value: str) -> None:
    problem = _problem(kind, declaration, value)
    if problem:
        shown = "****" if _text(declaration.get("NoEcho", "false")) == "true" else repr(value)
        hint = declaration.get("ConstraintDescription")
        raise TemplateError(f"value {shown} {problem}" + (f" ({hint})" if hint else ""), where)


def _problem(kind: str, declaration: Mapping[str, Any], value: str) -> str | None:
    allowed = declaration.get("AllowedValues")
    if allowed is not None and value not in [_text(each) for each in allowed]:
        return f"is not one of {', '.join(_text(each) for each in allowed)}"
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        return f"does not match AllowedPattern {pattern}"
    if "MinLength" in declaration and len(value) < int(declaration["MinLength"]):
        return f"is shorter than {declaration['MinLength']} characters"
    if "MaxLength" in declaration and len(value) > int(declaration["MaxLength"]):
        return f"is longer than {declaration['MaxLength']} characters"
    return _number_problem(declaration, value) if "Number" in kind else None


def _number_problem(declaration: Mapping[str, Any], value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "is not a number"
    if "MinValue" in declaration and number < float(declaration["MinValue"]):
        return f"is less than {declaration['MinValue']}"
    if "MaxValue" in declaration and number > float(declaration["MaxValue"]):
        return f"is more than {declaration['MaxValue']}"
    return None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
