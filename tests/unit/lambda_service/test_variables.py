from pathlib import Path

from local.application import Function
from local.endpoints import Endpoints
from local.lambda_service.fork_request import layer_roots
from local.lambda_service.variables import RESERVED, common_variables, function_variables, log_stream_name

_FUNCTION = Function("F", "f", "arn", "python3.13", "app.handler", Path("/code"), (), {}, 3, 256)


def test_reserved_names_cannot_be_set() -> None:
    function = Function(
        "F", "f", "arn", "python3.13", "app.handler", Path("/code"), (), dict.fromkeys(RESERVED, "mine"), 3, 256
    )
    assert function_variables(function, Endpoints()) == function_variables(_FUNCTION, Endpoints())


def test_a_function_may_set_what_lambda_does_not_reserve() -> None:
    function = Function("F", "f", "arn", "python3.13", "a.h", Path("/code"), (), {"TZ": "Europe/Berlin"}, 3, 256)
    assert function_variables(function, Endpoints())["TZ"] == "Europe/Berlin"


def test_addresses_follow_the_endpoints() -> None:
    variables = function_variables(_FUNCTION, Endpoints(aws_port=1, dynamodb_port=2, s3_port=3, region="eu-west-1"))
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert variables["AWS_ENDPOINT_URL_DYNAMODB"] == "http://127.0.0.1:2"
    assert variables["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:3"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "eu-west-1"


def test_common_variables() -> None:
    assert common_variables([{"A": "1", "B": "1", "C": "1"}, {"A": "1", "B": "2"}]) == {"A": "1"}
    assert common_variables([]) == {}


def test_log_streams_differ() -> None:
    first, second = log_stream_name(), log_stream_name()
    assert first != second
    assert "/[$LATEST]" in first


def test_layer_roots(tmp_path: Path) -> None:
    assert layer_roots(tmp_path) == [str(tmp_path)]
    (tmp_path / "python").mkdir()
    assert layer_roots(tmp_path) == [str(tmp_path / "python")]
