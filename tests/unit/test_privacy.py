"""docs/privacy.md names every place in which the template keeps something, and says of each table whether its items expire."""

import re
from pathlib import Path
from typing import Any

from tests.template_file import template

TEXT = (Path(__file__).resolve().parents[2] / "docs/privacy.md").read_text("utf-8")
RESOURCES: dict[str, dict[str, Any]] = template()["Resources"]
ROWS = [line.split("|")[1:-1] for line in TEXT.splitlines() if line.startswith("| ") and "---" not in line]
KEPT = {name: row[2] for row in ROWS if len(row) == 3 for name in re.findall(r"`([a-z0-9._-]+)`", row[0])}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in RESOURCES.items() if r["Type"] == kind}


def test_every_table_is_there_and_says_whether_its_items_expire() -> None:
    tables = {
        str(p["TableName"]).removeprefix("${AWS::StackName}-"): p for p in of_type("AWS::DynamoDB::Table").values()
    }
    assert sorted(tables.keys() - KEPT.keys()) == []
    expiring = {name for name, properties in tables.items() if "TimeToLiveSpecification" in properties}
    assert {name for name in tables if "expires" in KEPT[name]} - {"signing-keys"} == expiring


def test_every_bucket_topic_and_log_group_is_there() -> None:
    buckets = {
        str(p["BucketName"]).removeprefix("${AWS::StackName}-").removesuffix("-${AWS::AccountId}")
        for p in of_type("AWS::S3::Bucket").values()
    }
    topics = {t for t in RESOURCES["KafkaTopics"]["Properties"]["Topics"] if not t.endswith(".dead_letter")}
    groups = {str(p["LogGroupName"]).rsplit("/", 1)[1] for p in of_type("AWS::Logs::LogGroup").values()}
    assert sorted((buckets | topics | groups) - KEPT.keys()) == []


def test_no_table_is_named_that_there_is_not() -> None:
    tables = {str(p["TableName"]).removeprefix("${AWS::StackName}-") for p in of_type("AWS::DynamoDB::Table").values()}
    section = TEXT.split("| table |")[1].split("\n\n")[0]
    named = {name for row in section.splitlines()[2:] for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])}
    assert named == tables
