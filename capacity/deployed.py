"""What template.yaml deploys, as far as capacity and cost depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.template_file import read

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


def load(template: Path = TEMPLATE) -> Deployed:
    """Raises KeyError where the template has no router that Kafka invokes."""
    document = read(template)
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
