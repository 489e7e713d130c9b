"""What template.yaml deploys, as far as capacity and cost depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parents[1] / "template.yaml"


@dataclass(frozen=True)
class Deployed:
    """Of the template's defaults."""

    memory_mb: Mapping[str, int]
    """By function: the name of its folder."""
    default_memory_mb: int
    partitions: int
    """Of each topic."""
    pollers: int
    """At most, of each mapping."""
    batch: int
    """Records of an invocation at most, of the router."""
    topics: Mapping[str, str]
    """By function that Kafka invokes: its topic. Its consumers share a topic's partitions."""
    tables: int

    def memory_of(self, function: str) -> int:
        return self.memory_mb.get(function, self.default_memory_mb)


class _Tags(yaml.SafeLoader):
    """CloudFormation's short tags are left as their arguments."""


def _argument(loader: _Tags, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Tags.add_multi_constructor("!", _argument)


def load(template: Path = TEMPLATE) -> Deployed:
    """Raises KeyError where the template has no router that Kafka invokes."""
    document = yaml.load(template.read_text(), _Tags)  # noqa: S506 - a SafeLoader
    resources = document["Resources"]
    functions = {
        folder_of(name): made["Properties"]
        for name, made in resources.items()
        if made["Type"] == "AWS::Serverless::Function"
    }
    mappings = {
        name: event["Properties"]
        for name, properties in functions.items()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "MSK"
    }
    router = mappings["router"]
    return Deployed(
        {name: int(p["MemorySize"]) for name, p in functions.items() if "MemorySize" in p},
        int(document["Globals"]["Function"]["MemorySize"]),
        int(document["Parameters"]["KafkaPartitions"]["Default"]),
        int(router["ProvisionedPollerConfig"]["MaximumPollers"]),
        int(router["BatchSize"]),
        {name: mapping["Topics"][0] for name, mapping in mappings.items()},
        sum(made["Type"] == "AWS::DynamoDB::Table" for made in resources.values()),
    )


def folder_of(logical_id: str) -> str:
    """`messages_send` of `MessagesSendFunction`."""
    name = logical_id.removesuffix("Function")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
