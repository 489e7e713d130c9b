"""Code that changes while the stack runs, seen from outside: live on the next requests, on connections that stay open."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from local.endpoints import Endpoints
from tests.local.stack_process import StackProcess

DEADLINE_S = 30
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, Handler: app.handler, Layers: [!Ref Package]}
Resources:
  Package: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello/
      Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /hello}}}
  Echo: {Type: AWS::Serverless::Function, Properties: {CodeUri: echo/}}
  Sockets:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: sockets, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Sockets
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Echo.Arn}/invocations"
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Sockets
      RouteKey: $default
      RouteResponseSelectionExpression: $default
      Target: !Sub "integrations/${Integration}"
  RouteResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: {ApiId: !Ref Sockets, RouteId: !Ref Route, RouteResponseKey: $default}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Sockets, StageName: $default, AutoDeploy: true}
"""
HELLO = "import package\ndef handler(event, context):\n    return {'say': package.WORD}\n"
ECHO = "import package\ndef handler(event, context):\n    return {'statusCode': 200, 'body': package.WORD + '!'}\n"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("application")
    for name, text in {
        "template.yaml": TEMPLATE,
        "hello/app.py": HELLO,
        "echo/app.py": ECHO,
        "layer/python/package.py": "WORD = 'first'\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def stack(application: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    process = StackProcess(application / "template.yaml", tmp_path_factory.mktemp("stack") / "data")
    process.start()
    try:
        yield process.until_ready()
    finally:
        process.close()


@pytest.fixture
def client(stack: Endpoints) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", stack.http_port, timeout=30)
    yield connection
    connection.close()


def get(client: http.client.HTTPConnection) -> tuple[int, dict[str, str]]:
    client.request("GET", "/hello")
    answer = client.getresponse()
    return answer.status, json.loads(answer.read())


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_handler_and_a_layer(application: Path, client: http.client.HTTPConnection) -> None:
    """Each request is answered, by the old code or the new."""
    for number in range(3):
        (application / "hello/app.py").write_text(HELLO)
        (application / "layer/python/package.py").write_text(f"WORD = 'layer {number}'\n")
        eventually(lambda: get(client) == (200, {"say": f"layer {number}"}))  # noqa: B023
        (application / "hello/app.py").write_text(HELLO.replace("'say'", f"'say {number}'"))
        eventually(lambda: get(client) == (200, {f"say {number}": f"layer {number}"}))  # noqa: B023


@pytest.mark.parametrize("file", ["hello/app.py", "layer/python/package.py"])
def test_broken_code_fails_as_on_lambda_and_heals_at_the_next_save(
    application: Path, client: http.client.HTTPConnection, file: str
) -> None:
    (application / "hello/app.py").write_text(HELLO)
    source = (application / file).read_text()
    (application / file).write_text(source + "this is no Python\n")
    eventually(lambda: get(client) == (500, {"message": "Internal Server Error"}))
    (application / file).write_text(source.replace("WORD = ", "WORD = 'healed ' + ").replace("'say'", "'healed'"))
    eventually(lambda: get(client)[0] == 200 and "healed" in str(get(client)[1]))


def test_a_websocket_connection_stays_open(application: Path, stack: Endpoints) -> None:
    with connect(f"ws://127.0.0.1:{stack.websocket_port}", compression=None) as socket:

        def says(word: str) -> bool:
            socket.send("{}")
            return socket.recv(DEADLINE_S) == word

        (application / "layer/python/package.py").write_text("WORD = 'before'\n")
        eventually(lambda: says("before!"))
        (application / "echo/app.py").write_text(ECHO.replace("'!'", "'?'"))
        eventually(lambda: says("before?"))
        (application / "layer/python/package.py").write_text("WORD = 'after'\n")
        eventually(lambda: says("after?"))


def test_a_module_that_becomes_a_function_s_own_is_no_longer_shared(
    application: Path, client: http.client.HTTPConnection
) -> None:
    """It reads a variable that differs between functions at its import: each environment has to import it itself."""
    (application / "hello/app.py").write_text(HELLO)
    source = "import os\nWORD = os.environ.get('AWS_LAMBDA_FUNCTION_NAME', 'nobody')\n"
    (application / "layer/python/package.py").write_text(source)
    eventually(lambda: str(get(client)[1].get("say")).endswith("Hello"))
