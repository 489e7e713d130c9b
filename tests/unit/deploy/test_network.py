"""Where functions stand: from where Kafka is reached, and who has a way to the internet."""

import json
from pathlib import Path
from typing import Any

from local.template.source import read_template
from tests.template_file import ROOT
from tests.unit.kafka.test_permissions import roles

TEMPLATE = read_template(Path(ROOT / "template.yaml"))[0]
FUNCTIONS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}
CALL_THE_INTERNET = {
    "TelegramSendFunction", "WhatsappSendFunction", "MessengerSendFunction", "InstagramSendFunction", "MediaFetchFunction",
    "WebhookSendFunction",
}  # fmt: skip
"""Of those that speak to Kafka; who has `execute-api:ManageConnections` besides, whose API is public."""


def _place(name: str) -> str:
    config = json.dumps(FUNCTIONS[name].get("VpcConfig", {}))
    for place in ("Inside", "Outbound"):
        if f"Network.Outputs.{place}SubnetIds" in config or f'"Network", "Outputs.{place}SubnetIds"' in config:
            return place
    return "outside"


def test_who_speaks_to_kafka_stands_in_its_network_and_nobody_else() -> None:
    speaking = {role.removesuffix("Role") for role in roles("KafkaProducers") | roles("KafkaProbe")}
    speaking |= {"KafkaTopicsFunction"}
    assert {name for name in FUNCTIONS if _place(name) != "outside"} == speaking


def test_a_way_to_the_internet_have_those_who_call_it() -> None:
    connections = {name for name in FUNCTIONS if "execute-api:ManageConnections" in json.dumps(FUNCTIONS[name])}
    in_network = {name for name in FUNCTIONS if _place(name) != "outside"}
    assert {name for name in FUNCTIONS if _place(name) == "Outbound"} == CALL_THE_INTERNET | (connections & in_network)


def test_no_function_has_a_network_of_its_own_making() -> None:
    shapes = {json.dumps(each["VpcConfig"]) for each in FUNCTIONS.values() if "VpcConfig" in each}
    assert len(shapes) == 2
