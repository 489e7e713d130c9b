"""Topics: read without joining any group, and a record by hand."""

import base64
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from tests.local.console.served import Served, until

pytestmark = pytest.mark.engines

LETTERS = "/api/topics/letters"


@pytest.fixture(scope="module")
def letters(console: Served) -> list[str]:
    """Seven records over two partitions, oldest first."""
    producer = KafkaProducer(
        bootstrap_servers=console.endpoints.kafka_bootstrap_servers, acks="all", enable_idempotence=False
    )
    names = [f"letter {number}" for number in range(7)]
    for number, name in enumerate(names):
        producer.send("letters", name.encode(), partition=number % 2, timestamp_ms=1_700_000_000_000 + number).get(30)
    producer.close()
    return names


def test_records_come_newest_first_page_by_page(console: Served, letters: list[str]) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = console.get(f"{LETTERS}/records?limit=3" + (f"&before={cursor}" if cursor else ""))
        seen += [record["value"]["text"] for record in page["records"]]
        cursor = page["next"]
    assert seen == letters[::-1]
    one = console.get(f"{LETTERS}/records?partition=1")["records"]
    assert [record["offset"] for record in one] == [2, 1, 0]


def test_partitions_tell_their_offsets(console: Served, letters: list[str]) -> None:
    partitions = console.get(LETTERS)["partitions"]
    assert partitions == [{"partition": 0, "begin": 0, "end": 4}, {"partition": 1, "begin": 0, "end": 3}]


def test_reading_joins_no_group(console: Served, letters: list[str]) -> None:
    console.get(f"{LETTERS}/records")
    admin = KafkaAdminClient(bootstrap_servers=console.endpoints.kafka_bootstrap_servers)
    try:
        assert {group["group_id"] if isinstance(group, dict) else group[0] for group in admin.list_groups()} == {
            "kitchen"
        }
    finally:
        admin.close()


def test_a_record_by_hand_reaches_the_function_and_the_lag_goes(console: Served) -> None:
    wish = {"partition": 1, "key": "k", "value": '{"dish": "soup"}', "headers": [{"name": "from", "value": "console"}]}
    placed = console.post("/api/topics/orders/records", wish)
    found = console.get("/api/topics/orders/records?partition=1")["records"]
    (record,) = [one for one in found if one["offset"] == placed["offset"]]
    assert record["key"]["text"] == "k"
    assert record["headers"] == [
        {"name": "from", "value": {"size": 7, "text": "console", "base64": None, "cut": False}}
    ]

    def consumed() -> Any:
        (group,) = console.get("/api/topics/orders")["groups"] or [None]
        read = group is not None and group["partitions"][1]["committed"] == placed["offset"] + 1
        return group if read and group["lag"] == 0 else None

    assert until(consumed)["group"] == "kitchen"
    sent = base64.b64encode(b'{"dish": "soup"}').decode().rstrip("=")
    assert console.get(f"/api/invocations?source=kafka&text={sent}")["items"]


def test_bytes_and_tombstones_are_told_apart(console: Served) -> None:
    path = "/api/topics/orders/records"
    console.post(path, {"partition": 0, "key": "gone"})
    console.post(path, {"partition": 0, "encoding": "base64", "value": base64.b64encode(b"\xff\x00").decode()})
    newest, before = console.get(f"{path}?partition=0")["records"][:2]
    assert (newest["key"], newest["value"]["text"], newest["value"]["base64"]) == (None, None, "/wA=")
    assert (before["key"]["text"], before["value"]) == ("gone", None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"partition": 7, "value": "x"}, "partition must be one of 0, 1"),
        ({"value": "%", "encoding": "base64"}, "value is no base64"),
        ({"value": "x", "encoding": "hex"}, "encoding must be"),
        ({"value": 1}, "value must be a text"),
        ({"value": "x", "headers": {}}, "headers must be a list"),
    ],
)
def test_bad_records_are_refused(console: Served, body: Any, said: str) -> None:
    status, answer = console.send("POST", "/api/topics/letters/records", body)
    assert status == 400
    assert said in answer["error"]


def test_there_are_only_the_topics_that_there_are(console: Served) -> None:
    assert console.send("GET", "/api/topics/none")[0] == 404
    assert console.send("GET", "/api/topics/__consumer_offsets")[0] == 404
    assert console.send("GET", "/api/topics/letters/records?before=x")[0] == 400
