import pytest

from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.function_names import function_name

_ARN = "arn:aws:lambda:us-east-1:000000000000:function:my-function"


@pytest.mark.parametrize(
    "given",
    [
        "my-function",
        "my-function:$LATEST",
        _ARN,
        f"{_ARN}:$LATEST",
        "000000000000:function:my-function",
        "function:my-function",
    ],
)
def test_names(given: str) -> None:
    assert function_name(given, None, "us-east-1", "000000000000") == "my-function"
    assert function_name(given, "$LATEST", "us-east-1", "000000000000") == "my-function"


@pytest.mark.parametrize(
    ("given", "qualifier", "code"),
    [
        ("my function", None, "ValidationException"),
        ("a" * 171, None, "ValidationException"),
        ("", None, "ValidationException"),
        ("my-function:live", None, "ResourceNotFoundException"),
        ("my-function", "3", "ResourceNotFoundException"),
        (_ARN.replace("us-east-1", "eu-west-1"), None, "ResourceNotFoundException"),
        (_ARN.replace("000000000000", "111111111111"), None, "ResourceNotFoundException"),
    ],
)
def test_refusals(given: str, qualifier: str | None, code: str) -> None:
    with pytest.raises(AwsError) as caught:
        function_name(given, qualifier, "us-east-1", "000000000000")
    assert caught.value.code == code
