"""Templates that AWS refuses."""

from pathlib import Path

import pytest

from tests.conformance.websocket_api.served import TEMPLATE
from tests.local.stack_process import StackProcess

pytestmark = pytest.mark.engines


def refusal(folder: Path, old: str, new: str) -> str:
    """What the stack says of the application's template with one thing changed."""
    text = TEMPLATE.read_text()
    assert text.count(old) == 1
    template = folder / "template.yaml"
    template.write_text(text.replace(old, new).replace("CodeUri: ", f"CodeUri: {TEMPLATE.parent}/"))
    process = StackProcess(template, folder / "data", "--parameter=Events=x", "--no-simulators")
    process.start()
    try:
        assert process.until_ended() == 1
    finally:
        process.close()
    return process.said()


@pytest.mark.statement("websocket.integration-timeout-limit")
@pytest.mark.parametrize("timeout", [49, 29_001])
def test_integration_timeouts_have_limits(tmp_path: Path, timeout: int) -> None:
    said = refusal(tmp_path, "IntegrationTimeout: 300", f"IntegrationTimeout: {timeout}")
    assert "template.yaml:" in said
    assert f"must be 50 to 29000, not {timeout}" in said


@pytest.mark.statement("websocket.authorizer-elsewhere")
def test_an_authorizer_stands_on_connect_only(tmp_path: Path) -> None:
    route = """
  Extra:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Main
      RouteKey: extra
      AuthorizationType: CUSTOM
      AuthorizerId: another
      Target: !Sub "integrations/${MainEchoIntegration}"

  MainEchoRouteResponse:
"""
    said = refusal(tmp_path, "\n  MainEchoRouteResponse:\n", route)
    assert "only $connect can have an authorizer" in said


@pytest.mark.statement("websocket.throttle-route")
def test_settings_of_a_route_that_is_not_there_are_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, "        limited: {ThrottlingRateLimit", "        other: {ThrottlingRateLimit")
    assert "the API has no route other" in said
