"""Every operation that the template offers: routes of the HTTP API, and actions of the WebSocket API as `ws <action>`."""

from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, which say nothing here."""


_Loader.add_multi_constructor("!", lambda _loader, _tag, _node: None)


def operations(template: Path) -> frozenset[str]:
    """`METHOD /path` and `ws action`; a route for ANY method stands here as its GET."""
    resources = yaml.load(template.read_text("utf-8"), _Loader)["Resources"]
    return frozenset(name for resource in resources.values() for name in _of(resource))


def _of(resource: dict[str, Any]) -> list[str]:
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::Serverless::WebSocketApi":
        return [f"ws {name}" for name in properties["Routes"]]
    events = properties.get("Events", {}) if resource["Type"] == "AWS::Serverless::Function" else {}
    routes = (event["Properties"] for event in events.values() if event["Type"] == "HttpApi")
    return [f"{route['Method'].upper().replace('ANY', 'GET')} {route['Path']}" for route in routes]
