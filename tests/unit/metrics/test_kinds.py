"""Labels of metrics: what happened in one word, and nothing of who it was."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from kafka.errors import KafkaTimeoutError, SaslAuthenticationFailedError

from chat4all.kafka.producer import failure_of
from chat4all.kafka.scram import CredentialsUnavailable
from chat4all.metrics.database import Tables, kind_of, table_of
from chat4all.metrics.limits import count_refused
from chat4all.metrics.pushes import count_pushed
from tests.metrics_written import counted, documents, nothing_counted


def test_tables_are_known_without_the_prefix() -> None:
    prefix = Tables.prefix
    assert table_of({"TableName": f"{prefix}heads"}) == "heads"
    assert table_of({"RequestItems": {f"{prefix}users": {}}}) == "users"
    assert table_of({"RequestItems": {"a": {}, "b": {}}}) == "several"
    one, other = {"Put": {"TableName": f"{prefix}files"}}, {"Update": {"TableName": f"{prefix}heads"}}
    assert table_of({"TransactItems": [one, one]}) == "files"
    assert table_of({"TransactItems": [one, other]}) == "several"


def refusal(code: str, *reasons: str) -> ClientError:
    response = {"Error": {"Code": code}, "CancellationReasons": [{"Code": reason} for reason in reasons]}
    return ClientError(response, "PutItem")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refusal("ConditionalCheckFailedException"), None),
        (refusal("TransactionCanceledException", "None", "ConditionalCheckFailed"), None),
        (refusal("TransactionCanceledException", "None", "TransactionConflict"), "conflict"),
        (refusal("TransactionCanceledException", "ThrottlingError"), "throttled"),
        (refusal("ProvisionedThroughputExceededException"), "throttled"),
        (refusal("InternalServerError"), "unavailable"),
        (refusal("ResourceNotFoundException"), "missing"),
        (refusal("AccessDeniedException"), "refused"),
        (EndpointConnectionError(endpoint_url="x"), "unanswered"),
        (ReadTimeoutError(endpoint_url="x"), "unanswered"),
    ],
)
def test_errors_of_the_database_by_their_kind(error: ClientError, kind: str | None) -> None:
    assert kind_of(error) == kind


def test_why_kafka_cannot_be_connected_to() -> None:
    assert failure_of(SaslAuthenticationFailedError("wrong password")) == "refused"
    assert failure_of(CredentialsUnavailable("no such secret")) == "refused"
    assert failure_of(OSError("certificate verify failed: certificate has expired")) == "certificate"
    assert failure_of(KafkaTimeoutError()) == failure_of(ConnectionRefusedError()) == "unreachable"


def test_limits_are_known_by_what_they_limit_and_not_by_whom(capsys: pytest.CaptureFixture[str]) -> None:
    nothing_counted()
    for bucket in (
        "send:0190",
        "sign-in:account:ana@example.com",
        "sign-in:address:10.0.0.1",
        "link-try:0190",
        "odd:1",
    ):
        count_refused(bucket)
    count_refused("outbound:account:address")
    assert counted("chat4all_limits_refused_total", capsys) == dict.fromkeys(
        [("send",), ("sign_in_account",), ("sign_in_address",), ("link_try",), ("other",)], 1
    )


def event(kind: str, *audience: str) -> dict[str, object]:
    data = {"sender_id": "ana", "created_at": "2026-11-22T08:00:00.000Z"}
    return {"client_type": kind, "audience": list(audience), "data": data}


def test_a_message_counts_for_each_recipient_and_lasts_until_the_last_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    accepted = 1_795_334_400_000
    took = {
        ("ana", "a1"): accepted + 5,
        ("ben", "b1"): accepted + 90,
        ("ben", "b2"): accepted + 20,
        ("eva", "e1"): accepted + 40,
    }
    nothing_counted()
    events = [
        event("message.created", "ana", "ben", "eva"),
        event("typing", "ben"),
        event("message.created", "ana", "off"),
    ]
    count_pushed(events, took)
    (document,) = documents(capsys)
    assert document["chat4all_messages_delivered_total"] == 2
    assert document["chat4all_message_latency_seconds"] == pytest.approx(0.04)
