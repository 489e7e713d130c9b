"""Pages of other sites may not call the AWS endpoint through a browser."""

import pytest

from local.aws_endpoint.browsers import check_not_foreign, is_local
from local.aws_endpoint.errors import AwsError


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:4566", "LOCALHOST:1", "[::1]:4566", "localhost.localstack.cloud:4566", "api.localhost"],
)
def test_names_of_this_machine(host: str) -> None:
    assert is_local(host)
    check_not_foreign({"Host": host, "Origin": f"http://{host}"})


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example:4566", "notlocalhost", "localhost.evil.example"]
)
def test_other_names_are_refused(host: str) -> None:
    assert not is_local(host)
    with pytest.raises(AwsError, match="not as"):
        check_not_foreign({"Host": host})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_other_origins_are_refused(origin: str) -> None:
    with pytest.raises(AwsError, match="may not call"):
        check_not_foreign({"Host": "127.0.0.1:4566", "Origin": origin})
