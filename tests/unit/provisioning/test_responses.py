import asyncio
import json

import pytest

from local.provisioning import CustomResourceResponses, ProvisioningError

SUCCESS = {"Status": "SUCCESS", "PhysicalResourceId": "p-1", "Data": {"Arn": "a"}}


async def test_an_answer_reaches_who_waits_and_only_the_first_counts():
    responses = CustomResourceResponses()
    token = responses.expect()
    waiting = asyncio.create_task(responses.wait(token, 5))
    assert responses.deliver(token, json.dumps(SUCCESS).encode())
    assert responses.deliver(token, b"later")
    response = await waiting
    assert (response.status, response.physical_resource_id, response.data) == ("SUCCESS", "p-1", {"Arn": "a"})


async def test_an_answer_may_come_before_the_wait():
    responses = CustomResourceResponses()
    token = responses.expect()
    responses.deliver(token, json.dumps(SUCCESS).encode())
    assert (await responses.wait(token, 5)).status == "SUCCESS"


async def test_nobody_waits_for_an_unknown_or_discarded_token():
    responses = CustomResourceResponses()
    token = responses.expect()
    responses.discard(token)
    assert not responses.deliver(token, b"{}")
    assert not responses.deliver("guess", b"{}")


async def test_tokens_are_different():
    responses = CustomResourceResponses()
    assert len({responses.expect() for _ in range(10)}) == 10


async def test_no_answer_in_time():
    responses = CustomResourceResponses()
    with pytest.raises(TimeoutError):
        await responses.wait(responses.expect(), 0.01)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<xml>", "is not JSON"),
        (b"[]", "no Status"),
        (b'{"Status": "DONE", "PhysicalResourceId": "p"}', "no Status of SUCCESS or FAILED"),
        (b'{"Status": "SUCCESS"}', "no PhysicalResourceId"),
    ],
)
async def test_what_is_no_response(body, message):
    responses = CustomResourceResponses()
    token = responses.expect()
    responses.deliver(token, body)
    with pytest.raises(ProvisioningError, match=message):
        await responses.wait(token, 5)


async def test_a_failure_without_a_reason_says_so():
    responses = CustomResourceResponses()
    token = responses.expect()
    responses.deliver(token, b'{"Status": "FAILED", "PhysicalResourceId": "p"}')
    assert (await responses.wait(token, 5)).reason == "no Reason was given"
