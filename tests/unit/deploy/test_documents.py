"""What docs say about a deployment follows from the template and from the prices."""

import re

from capacity import prices
from infra.deploy.parameter_page import PAGE, page
from infra.deploy.stages import stage
from tests.template_file import ROOT, template

TEMPLATE = template()
DEPLOYMENT = (ROOT / "docs/deployment.md").read_text()


def test_the_page_of_parameters_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run scripts/write-parameters"


def test_what_stands_there_costs_what_the_prices_say() -> None:
    topics = len(TEMPLATE["Resources"]["KafkaTopics"]["Properties"]["Topics"])
    partitions = topics * int(TEMPLATE["Parameters"]["KafkaPartitions"]["Default"])
    functions = [each for each in TEMPLATE["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    mappings = sum(
        event["Type"] == "MSK" for each in functions for event in each["Properties"].get("Events", {}).values()
    )
    network = template("infra/network.yaml")["Resources"].values()
    endpoints = sum(
        each["Properties"].get("VpcEndpointType") == "Interface" for each in network if "Properties" in each
    )
    wanted = {
        "MSK Serverless": prices.SERVERLESS_HOUR.usd + partitions * prices.SERVERLESS_PARTITION_HOUR.usd,
        "NAT gateway": prices.NAT_HOUR.usd,
        "interface endpoints": 3 * endpoints * prices.ENDPOINT_HOUR.usd,
        "pollers": mappings * prices.POLLER_HOUR.usd,
        "keys": 2 * prices.KEY_MONTH.usd / 730,
        "web ACL": prices.WAF_MONTH.usd / 730,
    }
    for what, usd in wanted.items():
        found = re.search(rf"^\| {what}.*\| ([0-9.]+) \|$", DEPLOYMENT, re.MULTILINE)
        assert found, what
        assert found[1] == f"{usd:.3f}", what


def test_what_the_stages_have_is_what_samconfig_has() -> None:
    of = {name: stage(name).parameters for name in ("dev", "staging", "prod")}
    assert [of[name].get("Alarms", "false") for name in of] == ["false", "true", "true"]
    assert [of[name].get("CanaryDeployments", "false") for name in of] == ["false", "false", "true"]
    assert [of[name]["KafkaVariant"] for name in of] == ["serverless", "serverless", "provisioned"]
    assert "| alarms | no | yes | yes |" in DEPLOYMENT
    assert "| backups besides point-in-time recovery, a key of one's own, canaries | no | no | yes |" in DEPLOYMENT


def test_parameters_that_are_told_of_are_there() -> None:
    told = set(re.findall(r"`([A-Z][A-Za-z]+)(?:=[^`]*)?`", DEPLOYMENT))
    outputs, edge = (
        TEMPLATE["Outputs"].keys(),
        {"ConfigurationError", "DELETE", "PollerGroupName", "ProvisionedPollerConfig"},
    )
    assert told <= TEMPLATE["Parameters"].keys() | outputs | {"WebAclArn"} | edge
