"""What the stack is made of when everything is asked for, within CloudFormation's limits.

Limits: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat4all.metrics.emission import NAMESPACE, STAGE
from chat4all.metrics.metric_list import ALL
from infra.deploy.release import release_name
from local.endpoints import Endpoints
from local.template.source import read_template
from local.template.translation import translate
from tests.template_file import ROOT

SOURCE = read_template(ROOT / "template.yaml")[0]
FUNCTIONS = {name: each for name, each in SOURCE["Resources"].items() if each["Type"] == "AWS::Serverless::Function"}
ALARMS = read_template(ROOT / "infra/alarms.yaml")[0]["Resources"]


def _translated(**parameters: str) -> dict[str, Any]:
    given = {"Issuer": "https://api.example.com"} | parameters
    return dict(translate(ROOT / "template.yaml", given, Endpoints()).document)


@pytest.fixture(scope="module")
def stack() -> dict[str, Any]:
    """After SAM's translator, as CloudFormation gets it; a resource counts whether its condition holds or not."""
    return _translated(CanaryDeployments="true")


def test_it_is_within_the_limits_of_cloudformation(stack: dict[str, Any]) -> None:
    assert len(stack["Resources"]) <= 460  # of 500: room for some functions more
    assert len(json.dumps(stack)) <= 900_000  # of 1 MB
    assert len(stack["Parameters"]) <= 200
    assert len(stack["Outputs"]) <= 200


def test_numbers_of_the_template_have_limits() -> None:
    for name, parameter in SOURCE["Parameters"].items():
        if parameter["Type"] == "Number":
            assert {"MinValue", "AllowedValues"} & parameter.keys(), name


def test_tables_can_be_brought_back_are_encrypted_and_can_be_protected() -> None:
    tables = {
        name: each["Properties"] for name, each in SOURCE["Resources"].items() if each["Type"] == "AWS::DynamoDB::Table"
    }
    assert len(tables) > 30
    for name, table in tables.items():
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert table["SSESpecification"] == tables["UsersTable"]["SSESpecification"], name
        assert table["DeletionProtectionEnabled"] in ({"Ref": "DeletionProtection"}, True), name


def test_every_mapping_of_kafka_has_pollers_of_its_own() -> None:
    """Without them single failures, bisection and dead letters have no effect (Lambda developer guide, Kafka error handling)."""
    mappings = {
        name: event["Properties"]
        for name, each in FUNCTIONS.items()
        for event in each["Properties"].get("Events", {}).values()
        if event["Type"] == "MSK"
    }
    assert len(mappings) > 10
    assert [name for name, each in mappings.items() if "ProvisionedPollerConfig" not in each] == []


def test_every_function_logs_into_the_group_that_is_kept_so_long_and_encrypted() -> None:
    assert SOURCE["Globals"]["Function"]["LoggingConfig"] == {"LogGroup": {"Ref": "FunctionLogs"}}
    assert not [name for name, each in FUNCTIONS.items() if "LoggingConfig" in each["Properties"]]
    groups = [each["Properties"] for each in SOURCE["Resources"].values() if each["Type"] == "AWS::Logs::LogGroup"]
    for group in groups:
        assert group["RetentionInDays"] == {"Ref": "LogDays"}
        assert group["KmsKeyId"] == groups[0]["KmsKeyId"]


def test_functions_that_die_are_told_of_by_the_lines_that_lambda_writes() -> None:
    pattern = ALARMS["Deaths"]["Properties"]["FilterPattern"]
    terms = re.findall(r'\?"([^"]+)"', pattern)
    lambda_writes = (
        "[ERROR] ValueError: no such thing",
        "2026-11-22T08:00:00.000Z 0d6a2f1e Task timed out after 15.00 seconds",
        "REPORT RequestId: 0d6a2f1e\tDuration: 15000.00 ms\tStatus: timeout",
        "REPORT RequestId: 0d6a2f1e\tDuration: 3.00 ms\tStatus: error\tError Type: Runtime.ExitError",
    )
    for line in lambda_writes:
        assert any(term in line for term in terms), line
    assert not any(term in '{"level": "ERROR", "status": "error"}' for term in terms)


def test_alarms_ask_for_metrics_that_are_emitted_with_the_labels_that_they_have() -> None:
    emitted = {metric.name: metric for metric in ALL}
    alarms = [each["Properties"] for each in ALARMS.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    of_stage = [each for each in alarms if each.get("Namespace") == NAMESPACE]
    for alarm in of_stage:
        assert alarm["MetricName"] in emitted
        assert alarm["Dimensions"] == [{"Name": STAGE, "Value": {"Ref": "Stage"}}]
    queries = re.findall(r'FROM SCHEMA\((.*?)\) WHERE (.*?)"\}', json.dumps(alarms).replace('\\"', "'"))
    asked = re.findall(r"SELECT \w+\('(\w+)'\) FROM SCHEMA", json.dumps(alarms).replace('\\"', "'"))
    for name, (schema, _) in zip(asked, queries, strict=True):
        assert schema == ", ".join(f"'{each}'" for each in (NAMESPACE, STAGE, *emitted[name].labels)), name
    assert len(of_stage) + len(queries) >= 15


def test_every_alarm_names_the_page_that_says_what_to_do() -> None:
    alarms = {name: each["Properties"] for name, each in ALARMS.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert len(alarms) > 25
    for name, alarm in alarms.items():
        page = re.search(r"\((docs/\S+\.md)\)$", alarm["AlarmDescription"])
        assert page, name
        assert (ROOT / page[1]).is_file(), page[1]
        assert alarm["AlarmActions"] == [{"Ref": "Topic"}]


def test_a_canary_is_rolled_back_by_the_errors_of_its_own_version(stack: dict[str, Any]) -> None:
    aliases = {name for name, each in FUNCTIONS.items() if "AutoPublishAlias" in each["Properties"]}
    groups = {name for name, each in stack["Resources"].items() if each["Type"] == "AWS::CodeDeploy::DeploymentGroup"}
    assert groups == {f"{name}DeploymentGroup" for name in aliases}
    metrics = SOURCE["Resources"]["CanaryErrors"]["Properties"]["Metrics"][1:]
    assert len(metrics) <= 10  # an alarm on metric math takes ten
    watched = {json.dumps(each["MetricStat"]["Metric"]["Dimensions"]) for each in metrics}
    assert watched == {
        json.dumps(
            [
                {"Name": "FunctionName", "Value": {"Ref": name}},
                {"Name": "Resource", "Value": {"Fn::Sub": f"${{{name}}}:live"}},
            ]
        )
        for name in aliases
    }
    for name in aliases:
        properties = FUNCTIONS[name]["Properties"]
        assert properties["AutoPublishCodeSha256"] == {"Ref": "Release"}
        alias = stack["Resources"][f"{name}Aliaslive"]
        assert "CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"]


def test_each_release_has_versions_of_its_own() -> None:
    """SAM names a version by what it sees; a changed parameter or layer alone it does not. A deployment may be made twice."""
    moment = datetime(2026, 11, 22, 11, tzinfo=UTC)
    releases = (release_name(moment + timedelta(seconds=after)) for after in (0, 1))
    one, other = (_versions(_translated(Release=release, Issuer="https://a.example.com")) for release in releases)
    assert len(one) == len(other) == 10
    assert not one & other


def _versions(document: dict[str, Any]) -> set[str]:
    return {name for name, each in document["Resources"].items() if each["Type"] == "AWS::Lambda::Version"}


def test_without_canaries_no_deployment_group_is_made() -> None:
    document = _translated()
    assert not [each for each in document["Resources"].values() if each["Type"].startswith("AWS::CodeDeploy::")]


def test_every_nested_template_is_there_and_takes_what_it_is_given() -> None:
    nested = [each for each in SOURCE["Resources"].values() if each["Type"] == "AWS::CloudFormation::Stack"]
    assert len(nested) == 4
    for each in nested:
        assert each["Condition"]
        document = read_template(ROOT / each["Properties"]["TemplateURL"])[0]
        given = each["Properties"]["Parameters"]
        required = {name for name, parameter in document["Parameters"].items() if "Default" not in parameter}
        assert required <= given.keys() <= document["Parameters"].keys()
