"""Who publishes may write to Kafka, and nobody else may: the lists of roles in template.yaml."""

import ast
import re

from tests.unit.test_repository import FUNCTIONS, PACKAGE, ROOT, TEMPLATE

PUBLISHERS = {"publisher", "prompt_publisher"}


def uses() -> dict[str, set[str]]:
    """By property of the composition root: the properties that it uses; `self` where it hands on all of them."""
    files = [PACKAGE / "bootstrap.py", *(PACKAGE / "composition").glob("*.py")]
    classes = [node for file in files for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)]
    found: dict[str, set[str]] = {}
    for function in (each for one in classes for each in one.body):
        if isinstance(function, ast.FunctionDef):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            handed = {arg.id for call in calls for arg in call.args if isinstance(arg, ast.Name)}
            attributes = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
            names = {n.attr for n in attributes if isinstance(n.value, ast.Name) and n.value.id == "self"}
            found[function.name] = names | (handed & {"self"})
    return found


def publishes(service: str, used: dict[str, set[str]], seen: frozenset[str] = frozenset()) -> bool:
    if service in PUBLISHERS or service == "self":
        return True
    return any(publishes(each, used, seen | {service}) for each in used.get(service, set()) - seen)


def services_of(source: str) -> set[str]:
    """What a function's file has of `app()`, and what the bodies have that it hands `app` to."""
    imported = {
        alias.asname or alias.name: file.read_text()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chat4all.")
        for alias in node.names
        if (file := PACKAGE.parent / f"{node.module.replace('.', '/')}.py").exists()
    }
    handed = {
        node.func.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if any(isinstance(arg, ast.Name) and arg.id == "app" for arg in node.args)
    }
    return {
        service
        for text in (source, *(imported[name] for name in handed))
        for service in re.findall(r"\bapp\(\)\.(\w+)", text)
    }


def roles(policy: str) -> set[str]:
    return set(re.findall(r"\w+Role\b", str(TEMPLATE["Resources"][policy]["Properties"]["Roles"])))


def test_producers_are_those_whose_services_publish() -> None:
    used = uses()
    logical_ids = {
        resource["Properties"]["CodeUri"].strip("/").split("/")[1]: logical_id
        for logical_id, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    wanted = set()
    for name in FUNCTIONS:
        services = services_of((ROOT / "functions" / name / "app.py").read_text())
        if any(publishes(service, used) for service in services):
            wanted.add(f"{logical_ids[name]}Role")
    assert {"MessagesSendFunctionRole", "TelegramSendFunctionRole", "TelegramWebhookFunctionRole"} <= wanted
    assert roles("KafkaProducers") == roles("KafkaScramReaders") == wanted


def test_consumers_are_those_with_a_topic() -> None:
    consuming = {
        f"{logical_id}Role"
        for logical_id, resource in TEMPLATE["Resources"].items()
        for event in resource["Properties"].get("Events", {}).values()
        if event["Type"] == "MSK"
    }
    assert roles("KafkaConsumers") == consuming
