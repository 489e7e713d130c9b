"""What Meta's channels share: signatures, the handshake, the client, and errors as fates."""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat4all.channels.fates import Fate, Permanent, ThrottledUntil, TryAgain
from chat4all.channels.meta import challenge
from chat4all.channels.meta.errors import Failure, fate_of, gone, permanent, read_error
from chat4all.channels.meta.graph import Graph, GraphError
from chat4all.channels.meta.signature import is_signed, signature
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server

SECRET, TOKEN = "app-secret", "EAAToken123"
BODY = '{"text": "é\\u00e9"}'.encode()


def test_a_signature_is_of_the_very_bytes() -> None:
    expected = "sha256=" + hmac.new(b"app-secret", BODY, hashlib.sha256).hexdigest()
    assert signature(SECRET, BODY) == expected
    assert is_signed(SECRET, {"x-hub-signature-256": expected}, BODY)
    assert not is_signed(SECRET, {"x-hub-signature-256": expected}, BODY + b" ")
    assert not is_signed("other", {"x-hub-signature-256": expected}, BODY)


@pytest.mark.parametrize("given", ["", "sha256=", "sha1=00", "sha256=" + "0" * 64, "é", "\udce9", "x" * 10_000])
def test_what_is_no_signature(given: str) -> None:
    assert not is_signed(SECRET, {"x-hub-signature-256": given}, BODY)


def test_without_a_secret_nothing_is_authentic() -> None:
    assert not is_signed("", {"x-hub-signature-256": signature("", BODY)}, BODY)
    assert not is_signed(SECRET, {}, BODY)


@given(st.text(), st.binary())
def test_no_bytes_are_authentic_by_chance(given: str, body: bytes) -> None:
    assert not is_signed(SECRET, {"x-hub-signature-256": given}, body)


HANDSHAKE = {"hub.mode": "subscribe", "hub.verify_token": "mine", "hub.challenge": "1158201444"}


@pytest.mark.parametrize(
    ("changed", "answered"),
    [
        ({}, "1158201444"),
        ({"hub.challenge": "<b>&"}, "<b>&"),
        ({"hub.verify_token": "other"}, None),
        ({"hub.verify_token": "é"}, None),
        ({"hub.verify_token": ""}, None),
        ({"hub.mode": "unsubscribe"}, None),
        ({"hub.challenge": ""}, None),
        ({"hub.challenge": "x" * 1_025}, None),
    ],
)
def test_handshake(changed: dict[str, str], answered: str | None) -> None:
    assert challenge.answer("mine", HANDSHAKE | changed) == answered


def test_handshake_without_words() -> None:
    assert challenge.answer("mine", {}) is None
    assert challenge.answer("", HANDSHAKE | {"hub.verify_token": ""}) is None


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure("t"), TryAgain("unreachable: t")),
        (Failure("t", 503), TryAgain("unreachable: t")),
        (Failure("t", 400, 1), Permanent("refused: t")),
        (Failure("t", 500, 1), TryAgain("unreachable: t")),
        (Failure("t", 400, 2), TryAgain("unreachable: t")),
        (Failure("t", 400, 4), ThrottledUntil("throttled: t", 5.0)),
        (Failure("t", 400, 80007, wait_s=90.0), ThrottledUntil("throttled: t", 90.0)),
        (Failure("t", 429), ThrottledUntil("throttled: t", 5.0)),
        (Failure("t", 400, 10), Permanent("account_refused: t")),
        (Failure("t", 401), Permanent("account_refused: t")),
        (Failure("t", 401, 190), Permanent("account_refused: t")),
        (Failure("t", 403, 230), Permanent("account_refused: t")),
        (Failure("t", 400, 999), Permanent("refused: t")),
        (Failure("t", 400, 999, is_transient=True), TryAgain("unreachable: t")),
        (Failure("t", 302), Permanent("refused: t")),
    ],
)
def test_fates(failure: Failure, expected: Fate) -> None:
    assert fate_of(failure) == expected


def test_a_channels_own_meanings_come_first_and_subcodes_before_codes() -> None:
    meanings = {10: permanent("mine"), (10, 2018278): gone("closed")}
    assert fate_of(Failure("t", 400, 10), meanings).reason == "mine: t"
    assert fate_of(Failure("t", 400, 10, 2018278), meanings).reason == "closed: t"
    assert fate_of(Failure("t", 400, 10, 7), meanings).reason == "mine: t"


def test_the_most_telling_text_with_its_code() -> None:
    error = {"message": "(#131009) Parameter", "code": 131009, "error_data": {"details": "no such message"}}
    assert read_error(error).text == "no such message (131009)"
    assert read_error({"message": "m", "code": 10, "error_subcode": 5}).text == "m (10/5)"
    assert read_error({"title": "t"}).text == "t"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.dictionaries(st.text(), s)))
def test_errors_of_any_shape(error: Any) -> None:
    assert read_error(error, status=400).text


@pytest.fixture
def graph() -> Iterator[Graph]:
    client = Graph()
    yield client
    client.close()


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with recorded_server() as running:
        yield running


def failed(graph: Graph, server: RecordedServer, answer: Answer) -> Failure:
    server.answers = [answer]
    with pytest.raises(GraphError) as caught:
        graph.call("POST", "7/messages", token=TOKEN, api_base=server.url, body={})
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value.failure


def test_a_call(graph: Graph, server: RecordedServer, caplog: pytest.LogCaptureFixture) -> None:
    server.answers = [Answer({"id": "7"})]
    with caplog.at_level(logging.INFO):
        assert graph.call("POST", "7/messages", token=TOKEN, api_base=server.url, body={"to": "é"}) == {"id": "7"}
        assert graph.call("GET", "7", token=TOKEN, api_base=server.url, params={"fields": "id"}) == {"id": "7"}
    posted, got = server.asked
    assert (posted.method, posted.path, posted.json) == ("POST", "/v26.0/7/messages", {"to": "é"})
    assert (got.method, got.path) == ("GET", "/v26.0/7?fields=id")
    assert posted.headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in posted.path
    assert not caplog.records


def test_an_error_answer(graph: Graph, server: RecordedServer) -> None:
    error = {"message": "Malformed access token EAAToken123", "type": "OAuthException", "code": 190, "fbtrace_id": "A"}
    failure = failed(graph, server, Answer({"error": error}, 401))
    assert failure == Failure("Malformed access token … (190)", 401, 190)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "9" * 20}, 24 * 3600.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 2}]}'}, 120.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 0}]}'}, None),
        ({"X-Business-Use-Case-Usage": "[1"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(graph: Graph, server: RecordedServer, headers: dict[str, str], wait_s: float | None) -> None:
    assert failed(graph, server, Answer({"error": {"code": 4}}, 400, headers)).wait_s == wait_s


def test_retry_after_as_a_date(graph: Graph, server: RecordedServer) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    wait_s = failed(graph, server, Answer({}, 503, {"Retry-After": at})).wait_s
    assert wait_s is not None
    assert 50 < wait_s <= 100


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(b"<html>", 502), 502),
        (Answer(b"[" * 100_000, 500), 500),
        (Answer(b"<html>"), None),
        (Answer([1]), None),
        (Answer(b"x" * (1024 * 1024 + 1)), None),
        (Answer(hangs_up=True), None),
        (Answer({}, 302, {"Location": "http://127.0.0.1:9/"}), 302),
    ],
)
def test_what_is_no_answer(graph: Graph, server: RecordedServer, answer: Answer, status: int | None) -> None:
    assert failed(graph, server, answer).status == status
    assert len(server.asked) == 1


def test_nobody_there(graph: Graph) -> None:
    with pytest.raises(GraphError) as caught:
        graph.call("GET", "7", token=TOKEN, api_base="http://127.0.0.1:9")
    assert caught.value.fate.reason.startswith("unreachable: ConnectError")


def test_an_opened_file_is_read_bit_by_bit(graph: Graph, server: RecordedServer) -> None:
    server.answers = [Answer(b"x" * 100_000)]
    answer = graph.open(f"{server.url}/file", token=None)
    assert sum(map(len, answer.iter_bytes())) == 100_000
    assert "authorization" not in server.asked[0].headers
    server.answers = [Answer({}, 404)]
    with pytest.raises(GraphError):
        graph.open(f"{server.url}/file", token=TOKEN)
