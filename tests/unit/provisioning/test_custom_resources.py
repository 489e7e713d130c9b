"""The requests that a function gets, and what its answers lead to; the function is a coroutine of the test."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.application import Application, CustomResource, Function
from local.endpoints import Endpoints
from local.invocation import FunctionNotFound
from local.provisioning import CustomResourceResponses, ProvisioningError, provision


@dataclass
class Result:
    payload: bytes = b"null"
    function_error: str | None = None


@dataclass
class Maker:
    """Stands for Lambda: records requests and answers each by `answer`, which may return None for no answer."""

    answer: Callable[[dict[str, Any]], dict[str, Any] | None]
    responses: CustomResourceResponses = field(default_factory=CustomResourceResponses)
    requests: list[dict[str, Any]] = field(default_factory=list)
    result: Result = field(default_factory=Result)
    invoked: asyncio.Event = field(default_factory=asyncio.Event)

    async def invoke(self, name: str, payload: bytes) -> Result:
        request = json.loads(payload)
        self.requests.append({"Function": name, **request})
        self.invoked.set()
        await asyncio.sleep(0)
        answer = self.answer(request)
        if answer is not None:
            assert self.responses.deliver(request["ResponseURL"].rsplit("/", 1)[1], json.dumps(answer).encode())
        return self.result

    async def provision(self, state: Path, *resources: CustomResource) -> list[str]:
        function = Function("Maker", "s-Maker", "arn", "python3.13", "a.b", state.parent, (), {}, 3.0, 128)
        application = Application(
            state.parent, {"s-Maker": function}, custom_resources=resources, stack_id="arn:aws:cloudformation:stack"
        )
        endpoints = Endpoints(aws_port=14566)
        return await provision(application, endpoints, self.invoke, responses=self.responses, state=state)


def success(physical_id: str = "p-1") -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: {"Status": "SUCCESS", "PhysicalResourceId": physical_id, "RequestId": request["RequestId"]}


def thing(**properties: str) -> CustomResource:
    return CustomResource("Thing", "Custom::Thing", "s-Maker", {"ServiceToken": "arn", **properties})


async def test_create_then_nothing_then_update_then_delete(tmp_path: Path):
    state, maker = tmp_path / "data" / "custom.json", Maker(success())
    assert await maker.provision(state, thing(Size="1")) == ["made Thing (Custom::Thing)"]
    create = maker.requests.pop()
    assert create.pop("ResponseURL").startswith("http://127.0.0.1:14566/_aws/cloudformation/responses/")
    assert len(create.pop("RequestId")) == 36
    assert create == {
        "Function": "s-Maker",
        "RequestType": "Create",
        "StackId": "arn:aws:cloudformation:stack",
        "LogicalResourceId": "Thing",
        "ResourceType": "Custom::Thing",
        "ResourceProperties": {"ServiceToken": "arn", "Size": "1"},
    }

    assert await maker.provision(state, thing(Size="1")) == []
    assert maker.requests == []

    assert await maker.provision(state, thing(Size="2")) == ["updated Thing (Custom::Thing)"]
    update = maker.requests.pop()
    assert (update["RequestType"], update["PhysicalResourceId"]) == ("Update", "p-1")
    assert update["OldResourceProperties"] == {"ServiceToken": "arn", "Size": "1"}

    assert await maker.provision(state) == ["deleted Thing (Custom::Thing) p-1"]
    delete = maker.requests.pop()
    assert (delete["RequestType"], delete["ResourceProperties"]["Size"]) == ("Delete", "2")
    assert await maker.provision(state) == []


async def test_an_update_with_a_new_physical_id_deletes_the_old_one(tmp_path: Path):
    state = tmp_path / "custom.json"
    await Maker(success("old")).provision(state, thing(Size="1"))
    maker = Maker(success("new"))
    await maker.provision(state, thing(Size="2"))
    assert [(each["RequestType"], each["PhysicalResourceId"]) for each in maker.requests] == [
        ("Update", "old"),
        ("Delete", "old"),
    ]


async def test_a_failure_says_why_and_where_to_look_and_is_tried_again(tmp_path: Path):
    state = tmp_path / "custom.json"
    maker = Maker(lambda _: {"Status": "FAILED", "PhysicalResourceId": "p", "Reason": "no brokers"})
    with pytest.raises(ProvisioningError) as caught:
        await maker.provision(state, thing())
    assert str(caught.value) == (
        "Create of Thing (Custom::Thing) failed: answered FAILED: no brokers; "
        "see the log of function s-Maker, shown at http://127.0.0.1:8080"
    )
    again = Maker(success())
    await again.provision(state, thing())
    assert again.requests[0]["RequestType"] == "Create"


async def test_a_function_error_ends_the_wait(tmp_path: Path):
    maker = Maker(lambda _: None, result=Result(b'{"errorMessage": "boom"}', "Unhandled"))
    with pytest.raises(ProvisioningError, match=r"the function failed: .*boom"):
        await maker.provision(tmp_path / "custom.json", thing())


async def test_no_answer_within_the_service_timeout(tmp_path: Path):
    maker = Maker(lambda _: None)
    with pytest.raises(ProvisioningError, match="there was no answer at the ResponseURL within 1 s"):
        await maker.provision(tmp_path / "custom.json", thing(ServiceTimeout="1"))


async def test_an_answer_may_come_after_the_function_has_returned(tmp_path: Path):
    maker = Maker(lambda _: None)

    async def answer_later() -> None:
        await maker.invoked.wait()
        token = maker.requests[0]["ResponseURL"].rsplit("/", 1)[1]
        maker.responses.deliver(token, b'{"Status": "SUCCESS", "PhysicalResourceId": "p"}')

    later = asyncio.create_task(answer_later())
    assert await maker.provision(tmp_path / "custom.json", thing()) == ["made Thing (Custom::Thing)"]
    await later


async def test_a_function_that_cannot_be_invoked(tmp_path: Path):
    def refuse(request: dict[str, Any]) -> None:
        raise FunctionNotFound("s-Maker")

    with pytest.raises(ProvisioningError, match="the function cannot be invoked"):
        await Maker(refuse).provision(tmp_path / "custom.json", thing())


async def test_a_broken_state_file_is_named(tmp_path: Path):
    state = tmp_path / "custom.json"
    state.write_text("{")
    with pytest.raises(ProvisioningError, match=r"custom\.json cannot be read"):
        await Maker(success()).provision(state, thing())
