"""What functions are told of the objects of a bucket."""

import time

import httpx
import pytest

from tests.conformance.buckets.conftest import BUCKET, WITHIN_S, Served

PART = 5 * 1024 * 1024


@pytest.mark.statement("buckets.event", "buckets.key", "buckets.sequencer", "buckets.any-address")
def test_puts_by_any_address(served: Served) -> None:
    key, told = "all/a b+ä.txt", "all/a+b%2B%C3%A4.txt"
    served.s3().put_object(Bucket=BUCKET, Key=key, Body=b"hello")
    first = served.until(told, "ObjectCreated:Put")
    url = served.s3(directly=True).generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": key})
    assert httpx.put(url, content=b"hello again").status_code == 200
    second = served.until(told, "ObjectCreated:Put", count=2)
    assert (second["eventVersion"], second["eventSource"], second["awsRegion"]) == ("2.1", "aws:s3", "us-east-1")
    assert second["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{BUCKET}"
    assert second["s3"]["object"]["size"] == len(b"hello again")
    assert second["s3"]["object"]["eTag"] == served.s3().head_object(Bucket=BUCKET, Key=key)["ETag"].strip('"')
    assert first["s3"]["object"]["sequencer"] < second["s3"]["object"]["sequencer"]


@pytest.mark.statement("buckets.created", "buckets.removed")
def test_what_becomes_of_an_object(served: Served) -> None:
    s3 = served.s3(directly=True)
    upload = {"Bucket": BUCKET, "Key": "all/parts"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    parts = [s3.upload_part(**upload, PartNumber=number, Body=bytes(PART))["ETag"] for number in (1, 2)]
    listed = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(parts, 1)]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": listed})
    found = served.until("all/parts", "ObjectCreated:CompleteMultipartUpload")["s3"]["object"]
    assert (found["size"], found["eTag"][-2:]) == (2 * PART, "-2")

    s3.put_object_tagging(Bucket=BUCKET, Key="all/parts", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.copy_object(Bucket=BUCKET, Key="all/copy", CopySource=f"{BUCKET}/all/parts")
    form = s3.generate_presigned_post(BUCKET, "all/form")
    assert httpx.post(form["url"], data=form["fields"], files={"file": ("name", b"123")}).status_code == 204
    s3.delete_object(Bucket=BUCKET, Key="all/none")
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "all/parts"}, {"Key": "all/form"}]})
    removed = served.until("all/parts", "ObjectRemoved:Delete")["s3"]["object"]
    assert removed.keys() == {"key", "sequencer"}
    served.until("all/form", "ObjectRemoved:Delete")
    assert [one["eventName"] for one in served.records("all/parts")] == [
        "ObjectCreated:CompleteMultipartUpload",
        "ObjectRemoved:Delete",
    ]
    assert [one["eventName"] for one in served.records("all/form")] == ["ObjectCreated:Put", "ObjectRemoved:Delete"]
    assert len(served.records("all/copy")) == 1
    assert served.records("all/none") == []


@pytest.mark.statement("buckets.filters")
def test_keys_and_events_say_who_is_invoked(served: Served) -> None:
    s3 = served.s3()
    for key in ("some/texts/1.png", "some/other/1.txt", "texts/1.txt", "all/texts.txt", "some/texts/1.txt"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    served.until("some/texts/1.txt", "ObjectCreated:Put", "texts")
    s3.delete_object(Bucket=BUCKET, Key="some/texts/1.txt")
    s3.put_object(Bucket=BUCKET, Key="some/texts/2.txt", Body=b"")
    served.until("some/texts/2.txt", "ObjectCreated:Put", "texts")
    keys = [event["Records"][0]["s3"]["object"]["key"] for event in served.told("texts")]
    assert keys == ["some/texts/1.txt", "some/texts/2.txt"]
    assert served.records("some/texts/1.txt") == []


@pytest.mark.statement("buckets.asynchronous")
def test_a_function_that_fails_is_tried_again(served: Served) -> None:
    served.s3().put_object(Bucket=BUCKET, Key="broken/1", Body=b"")
    deadline = time.monotonic() + WITHIN_S
    while not served.told("records"):
        assert time.monotonic() < deadline, served.told("failing")
        time.sleep(0.05)
    (record,) = served.told("records")
    assert (record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]) == (
        "RetriesExhausted",
        2,
    )
    assert [record["requestPayload"]] * 2 == served.told("failing")


@pytest.mark.statement("buckets.only-the-engine")
def test_others_cannot_tell(served: Served) -> None:
    url, guessed = f"{served.endpoints.aws_url}/_aws/s3/changes", {"Authorization": "Bearer guessed"}
    assert httpx.post(url, json={"key": "x"}, headers=guessed).status_code == 403
