"""template.yaml as it is written: CloudFormation's short tags are left as their arguments."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]


class _Tags(yaml.SafeLoader):
    """YAML with short tags."""


def _argument(loader: _Tags, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Tags.add_multi_constructor("!", _argument)


def template(file: str = "template.yaml") -> dict[str, Any]:
    """The whole document."""
    return dict(yaml.load((ROOT / file).read_text(), _Tags))


def functions(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Properties of each function, by its folder in `functions/`."""
    return {
        resource["Properties"]["CodeUri"].strip("/").split("/")[1]: resource["Properties"]
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
