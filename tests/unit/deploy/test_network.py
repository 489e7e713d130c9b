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


NETWORK = read_template(Path(ROOT / "infra/network.yaml"))[0]["Resources"]


def test_inside_there_is_no_way_to_the_internet_and_outbound_there_is_one_through_nat() -> None:
    ways = {
        each["Properties"]["RouteTableId"]["Ref"]: "NatGatewayId" in each["Properties"]
        for each in NETWORK.values()
        if each["Type"] == "AWS::EC2::Route"
    }
    outbound = {f"OutboundRoutes{zone}": True for zone in (1, 2, 3)}
    assert ways == {"PublicRoutes": False} | outbound
    tables = {
        each["Properties"]["SubnetId"]["Ref"]: each["Properties"]["RouteTableId"]["Ref"]
        for each in NETWORK.values()
        if each["Type"] == "AWS::EC2::SubnetRouteTableAssociation"
    }
    for zone in (1, 2, 3):
        assert tables[f"InsideSubnet{zone}"] == "InsideRoutes"
        assert tables[f"OutboundSubnet{zone}"] == f"OutboundRoutes{zone}"
    assert len(tables) == 9


def test_nobody_is_let_in_from_outside_and_the_brokers_let_in_functions_and_pollers_alone() -> None:
    groups = {name: each["Properties"] for name, each in NETWORK.items() if each["Type"] == "AWS::EC2::SecurityGroup"}
    rules = [rule for group in groups.values() for rule in group.get("SecurityGroupIngress", [])]
    assert not [rule for rule in rules if rule.get("CidrIp") == "0.0.0.0/0"]
    let_in = {rule["SourceSecurityGroupId"]["Ref"] for rule in groups["KafkaSecurityGroup"]["SecurityGroupIngress"]}
    let_in.add(NETWORK["KafkaFromPollers"]["Properties"]["SourceSecurityGroupId"]["Ref"])
    assert let_in == {"InsideSecurityGroup", "OutboundSecurityGroup", "KafkaSecurityGroup"}


def test_every_private_subnet_reaches_s3_and_dynamodb_without_leaving() -> None:
    for name in ("S3Endpoint", "DynamoDbEndpoint"):
        tables = {each["Ref"] for each in NETWORK[name]["Properties"]["RouteTableIds"]}
        assert tables == {"InsideRoutes", "OutboundRoutes1", "OutboundRoutes2", "OutboundRoutes3"}
    services = json.dumps([each.get("Properties", {}).get("ServiceName") for each in NETWORK.values()])
    assert "execute-api" not in services
