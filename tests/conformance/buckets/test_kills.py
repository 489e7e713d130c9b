"""Nothing that was answered is lost, whoever is killed then."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.conformance.buckets.conftest import BUCKET, WITHIN_S, Served

PART = 5 * 1024 * 1024


def kill_engine(served: Served) -> None:
    """The stack starts it again."""
    (engine,) = [one for one in served.stack.children() if "mini" in one.cmdline()[:2]]
    engine.kill()
    engine.wait()


def until_answering(served: Served) -> None:
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            if httpx.get(f"{served.endpoints.s3_url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, served.stack.said()
        time.sleep(0.05)


@pytest.mark.statement("buckets.at-least-once")
@pytest.mark.parametrize("who", ["stack", "engine"])
def test_changes_that_were_answered_are_told(served: Served, who: str) -> None:
    s3, key = served.s3(directly=True), f"all/killed-{who}"
    s3.put_object(Bucket=BUCKET, Key=f"{key}-removed", Body=b"1")
    served.until(f"{key}-removed", "ObjectCreated:Put")
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"1")
    s3.delete_object(Bucket=BUCKET, Key=f"{key}-removed")
    if who == "stack":
        served.kill()
        served.start()
    else:
        kill_engine(served)
        until_answering(served)
    served.until(key, "ObjectCreated:Put")
    served.until(f"{key}-removed", "ObjectRemoved:Delete")


@pytest.mark.statement("buckets.upload-survives")
def test_an_upload_goes_on_after_the_engine_was_killed(served: Served) -> None:
    s3 = served.s3(directly=True)
    upload = {"Bucket": BUCKET, "Key": "all/resumed"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    first = s3.upload_part(**upload, PartNumber=1, Body=b"a" * PART)["ETag"]
    url = s3.generate_presigned_url("upload_part", Params=upload | {"PartNumber": 2})

    def half() -> Iterator[bytes]:
        yield b"b" * (PART // 2)
        kill_engine(served)
        yield b"b" * (PART // 2)

    with pytest.raises(httpx.TransportError):
        httpx.put(url, content=half(), headers={"Content-Length": str(PART)})
    until_answering(served)
    assert [part["PartNumber"] for part in s3.list_parts(**upload).get("Parts", [])] == [1]
    second = httpx.put(url, content=b"b" * PART, timeout=60)
    assert second.status_code == 200
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second.headers["etag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    body = s3.get_object(Bucket=BUCKET, Key="all/resumed")["Body"].read()
    assert body == b"a" * PART + b"b" * PART
    served.until("all/resumed", "ObjectCreated:CompleteMultipartUpload")
