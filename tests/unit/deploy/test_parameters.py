"""What the template's own rules and patterns refuse, by name, before anything is made."""

import pytest

from local.template import TemplateError
from local.template.parameters import resolve_parameters
from local.template.rules import check_rules
from local.template.source import read_template
from tests.template_file import ROOT

TEMPLATE = read_template(ROOT / "template.yaml")[0]
_ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/hub/0d6a2f1e-0000-4000-8000-000000000000-1"
GIVEN = {"Issuer": "https://api.example.com"}
CLUSTER = {"KafkaClusterArn": _ARN, "KafkaBootstrapServers": "b-1.example.com:9098,b-2.example.com:9098"}
NETWORK = {
    "FunctionSubnetIds": "subnet-0a1b2c3d,subnet-0a1b2c3e",
    "OutboundSubnetIds": "subnet-0a1b2c3f",
    "FunctionSecurityGroupIds": "sg-0a1b2c3d",
}


def _check(given: dict[str, str]) -> None:
    values = resolve_parameters(TEMPLATE["Parameters"], GIVEN | given)
    check_rules(TEMPLATE["Rules"], values)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"KafkaVariant": "provisioned", "KafkaBrokers": "6", "NatGateways": "each-zone"},
        CLUSTER,
        CLUSTER | NETWORK,
        CLUSTER
        | {
            "KafkaSecurity": "scram",
            "KafkaScramSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_hub-AbCdEf",
        },
    ],
)
def test_what_is_deployed(given: dict[str, str]) -> None:
    _check(given)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"Issuer": "https://api.example.com/"}, "Issuer"),
        ({"Issuer": "api.example.com"}, "Issuer"),
        ({"KafkaClusterArn": _ARN}, "KafkaBootstrapServers"),
        ({"KafkaBootstrapServers": "b-1:9098"}, "KafkaClusterArn"),
        ({"KafkaBootstrapServers": "b-1:9098, b-2:9098"}, "KafkaBootstrapServers"),
        ({"KafkaSecurity": "none"}, "KafkaSecurity"),
        (NETWORK, "FunctionSubnetIds"),
        (CLUSTER | {"KafkaSecurity": "scram"}, "KafkaScramSecretArn"),
        (CLUSTER | NETWORK | {"OutboundSubnetIds": ""}, "OutboundSubnetIds"),
        (CLUSTER | NETWORK | {"FunctionSecurityGroupIds": ""}, "FunctionSecurityGroupIds"),
        (CLUSTER | {"FunctionSubnetIds": "subnet-1, subnet-2"}, "FunctionSubnetIds"),
        ({"KafkaBrokers": "4"}, "KafkaBrokers"),
        ({"NetworkCidr": "8.8.0.0/16"}, "NetworkCidr"),
        ({"PagesDomain": "chat.example.com"}, "PagesCertificateArn"),
    ],
)
def test_what_is_refused_names_the_parameter(given: dict[str, str], named: str) -> None:
    with pytest.raises(TemplateError) as refused:
        _check(given)
    assert named in str(refused.value)
