"""Rules of a template: combinations of parameters that CloudFormation refuses before it makes anything.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html and intrinsic-function-reference-rules.html
"""

from collections.abc import Mapping
from typing import Any

from local.template.errors import Problems, TemplateError
from local.template.intrinsics import Where, intrinsic, text_of

_KNOWN = {"RuleCondition", "Assertions"}
_COUNTS = {"Fn::Equals": (2, 2), "Fn::Not": (1, 1), "Fn::And": (2, 10), "Fn::Or": (2, 10), "Fn::Contains": (2, 2)}


def check_rules(rules: Mapping[str, Any], values: Mapping[str, str | list[str]]) -> None:
    """Check the parameters' `values` against the section Rules.

    Raises:
        TemplateError: an assertion does not hold, with its description; or a rule is wrong, or asks for what is not
            evaluated here (functions of parameters with AWS types). All of them.
    """
    problems = Problems()
    for name, rule in rules.items():
        with problems.attempt():
            _check(name, rule, values, problems)
    problems.check()


def _check(name: str, rule: Any, values: Mapping[str, str | list[str]], problems: Problems) -> None:
    where = ("Rules", name)
    if not isinstance(rule, dict) or not isinstance(rule.get("Assertions"), list) or not rule["Assertions"]:
        raise TemplateError("a rule has a list of Assertions", where)
    if unknown := set(rule) - _KNOWN:
        raise TemplateError(f"a rule has no {', '.join(sorted(unknown))}", where)
    if "RuleCondition" in rule and not _holds(rule["RuleCondition"], values, (*where, "RuleCondition")):
        return
    for index, assertion in enumerate(rule["Assertions"]):
        place = (*where, "Assertions", str(index))
        with problems.attempt():
            if not isinstance(assertion, dict) or "Assert" not in assertion:
                raise TemplateError("an assertion has an Assert", place)
            if not _holds(assertion["Assert"], values, (*place, "Assert")):
                said = assertion.get("AssertDescription", "an assertion does not hold")
                raise TemplateError(f"{said} (rule {name})", place)


def _holds(node: Any, values: Mapping[str, str | list[str]], where: Where) -> bool:
    call = intrinsic(node)
    if not call or call[0] not in _COUNTS:
        raise TemplateError(f"{' or '.join(_COUNTS)} is needed, not {node!r}", where)
    function, argument = call
    inner = (*where, function)
    least, most = _COUNTS[function]
    if not isinstance(argument, list) or not least <= len(argument) <= most:
        raise TemplateError(f"{function} takes a list of {least}" + (f" to {most}" if most > least else ""), inner)
    if function == "Fn::Equals":
        left, right = (_value(each, values, inner) for each in argument)
        return bool(left == right)
    if function == "Fn::Contains":
        items, item = argument
        found = _value(items, values, inner)
        return _value(item, values, inner) in (found if isinstance(found, list) else [found])
    parts = [_holds(each, values, inner) for each in argument]
    if function == "Fn::Not":
        return not parts[0]
    return all(parts) if function == "Fn::And" else any(parts)


def _value(node: Any, values: Mapping[str, str | list[str]], where: Where) -> str | list[str]:
    call = intrinsic(node)
    if call and call[0] == "Ref":
        if call[1] not in values:
            raise TemplateError(f"a rule refers to parameters, and {call[1]} is none", where)
        return values[call[1]]
    if isinstance(node, list):
        return [text_of(each) for each in node]
    if isinstance(node, str | int | float):
        return text_of(node)
    raise TemplateError(f"a parameter, a text or a list of texts is needed, not {node!r}", where)
