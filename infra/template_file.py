"""Templates as they are written: CloudFormation's short tags are left as their arguments."""

from pathlib import Path
from typing import Any

import yaml


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


def read(template: Path) -> dict[str, Any]:
    """The whole document. Raises OSError, yaml.YAMLError."""
    return dict(yaml.load(template.read_text(), _Tags))  # noqa: S506 - a SafeLoader
