"""Pages of other origins that put parts to presigned addresses, as a browser asks and is answered."""

import httpx
import pytest

from tests.conformance.buckets.conftest import BUCKET, Served

ORIGIN = "https://pages.example"
ASKS = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "content-type, x-amz-checksum-sha256",
}


def address(served: Served, *, directly: bool, bucket: str = BUCKET) -> str:
    parameters = {"Bucket": bucket, "Key": "page", "ContentType": "text/plain"}
    return str(served.s3(directly=directly).generate_presigned_url("put_object", Params=parameters))


@pytest.mark.statement("buckets.preflight", "buckets.exposed")
@pytest.mark.parametrize("directly", [True, False])
def test_a_page_puts(served: Served, directly: bool) -> None:
    url = address(served, directly=directly)
    allowed = httpx.options(url, headers=ASKS)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    assert {name.strip().lower() for name in allowed.headers["access-control-allow-headers"].split(",")} >= {
        "content-type",
        "x-amz-checksum-sha256",
    }
    assert allowed.headers["access-control-max-age"] == "600"

    put = httpx.put(url, content=b"hello", headers={"Origin": ORIGIN, "Content-Type": "text/plain"})
    assert put.status_code == 200
    assert put.headers["access-control-allow-origin"] == ORIGIN
    exposed = {name.strip().lower() for name in put.headers["access-control-expose-headers"].split(",")}
    assert exposed == {"etag", "x-amz-checksum-sha256"}
    assert put.headers["etag"]


@pytest.mark.statement("buckets.preflight")
def test_what_no_rule_allows(served: Served) -> None:
    url = address(served, directly=True)
    foreign = httpx.options(url, headers=ASKS | {"Origin": "https://others.example"})
    assert foreign.status_code == 403
    assert "access-control-allow-origin" not in foreign.headers
    other = httpx.options(url, headers=ASKS | {"Access-Control-Request-Method": "DELETE"})
    assert "DELETE" not in other.headers.get("access-control-allow-methods", "")


@pytest.mark.statement("buckets.no-rules")
def test_a_bucket_without_rules(served: Served) -> None:
    url = address(served, directly=True, bucket="without-rules")
    refused = httpx.options(url, headers=ASKS)
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers
    put = httpx.put(url, content=b"1", headers={"Origin": ORIGIN, "Content-Type": "text/plain"})
    assert "access-control-allow-origin" not in put.headers
