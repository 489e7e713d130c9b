"""Uploads in parts on real engines: begun, signed, sent straight to S3, completed, deleted; and everything that goes wrong."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.errors import Unavailable
from chat4all.stores.files import File, find_file
from chat4all.uploads import Uploads
from tests.contract.file_world import file_part, form
from tests.contract.handlers import request
from tests.contract.messaging import new_user
from tests.contract.upload_world import (
    PART,
    UploadWorld,
    base64_sha256,
    content,
    hex_sha256,
    put,
    send,
    slice_of,
    upload_world,
)

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> UploadWorld:
    return upload_world(deployed, files_bucket)


def test_parts_go_straight_to_s3_in_any_order_and_the_file_comes_back_whole(world: UploadWorld) -> None:
    ana, body = new_user(), content(2 * PART + 7)
    begun = world.initiate(ana, size=len(body), filename="../Über uns.bin", content_type="application/zip")
    assert begun.status == 201
    file = begun.body
    assert (file["status"], file["part_count"], file["part_size"], file["filename"]) == (
        "pending",
        3,
        PART,
        "Über uns.bin",
    )
    assert [(p["number"], p["size"], p["headers"]) for p in file["parts"]] == [(1, PART, {}), (2, PART, {}), (3, 7, {})]
    assert world.counted(ana) == (len(body), 1)

    assert [a.status_code for a in send(file["parts"][1:], body)] == [200, 200]
    upload = world.get(ana, file["file_id"]).body["upload"]
    assert (upload["arrived"], upload["arrived_bytes"], upload["expires_at"]) == (
        [2, 3],
        PART + 7,
        file["upload_expires_at"],
    )
    again = world.sign(ana, file["file_id"]).body
    assert [p["number"] for p in again["parts"]] == [1]
    (first,) = send(again["parts"], body)

    done = world.complete(ana, file["file_id"], parts=[{"number": 1, "etag": first.headers["etag"]}])
    assert (done.status, done.body["status"], done.body["sha256"]) == (200, "completed", hex_sha256(body)), done.body
    assert "upload" not in world.get(ana, file["file_id"]).body
    assert world.counted(ana) == (len(body), 0)
    signed = request("files", "GET", f"/v1/files/{file['file_id']}/presigned", caller=ana).body
    assert httpx.get(signed["url"]).content == body
    head = world.bucket.client.head_object(Bucket=world.bucket.name, Key=f"files/{file['file_id']}")
    assert (head["ContentType"], head["Metadata"]) == ("application/zip", {"file-id": file["file_id"]})
    assert world.delete(ana, file["file_id"]).status == 204
    assert world.counted(ana) == (0, 0)
    assert not world.is_in_s3(file["file_id"])


def test_s3_checks_each_part_of_an_upload_that_was_begun_with_checksums(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 9)
    file = world.initiate(ana, size=len(body), part_checksum="sha256").body
    assert (file["parts"], file["part_checksum"]) == ([], "sha256")
    sums = {str(number): hex_sha256(slice_of(body, number)) for number in (1, 2)}
    signed = world.sign(ana, file["file_id"], sha256=sums | {"2": sums["2"].upper()}).body["parts"]
    assert signed[0]["headers"] == {"x-amz-checksum-sha256": base64_sha256(slice_of(body, 1))}
    wrong = bytearray(body)
    wrong[3] ^= 1
    refused, second = send(signed, bytes(wrong))
    assert (refused.status_code, second.status_code) == (400, 200)
    assert put(signed[0]["url"], slice_of(body, 1)).status_code == 403  # without what is signed
    assert world.complete(ana, file["file_id"]).body["numbers"] == [1]
    assert send(signed[:1], body)[0].status_code == 200
    done = world.complete(ana, file["file_id"], sha256=hex_sha256(body))
    assert (done.status, done.body["status"]) == (200, "completed")


def test_what_is_signed_cannot_be_used_otherwise(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 9)
    first, second = world.initiate(ana, size=len(body)).body["parts"]
    assert put(first["url"], body[: PART - 1]).status_code == 403  # another size
    assert put(first["url"], body[: PART + 1]).status_code == 403
    assert put(second["url"].replace("partNumber=2", "partNumber=1"), body[:9]).status_code == 403
    assert put(re.sub("/files/[^?]*", "/files/other", second["url"]), body[:9]).status_code == 403
    assert httpx.get(second["url"]).status_code == 403
    late = re.sub("X-Amz-Expires=3600", "X-Amz-Expires=7200", second["url"])
    assert put(late, body[:9]).status_code == 403


def test_addresses_expire_and_new_ones_go_on(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 9)
    file = world.initiate(ana, size=len(body)).body
    world.set(upload_url_s=-3)
    expired = world.sign(ana, file["file_id"], numbers=[2]).body["parts"]
    assert send(expired, body)[0].status_code in (400, 403)
    world.set(upload_url_s=60)
    fresh = world.sign(ana, file["file_id"], numbers=[2]).body["parts"]
    assert send(fresh, body)[0].status_code == 200


@pytest.mark.parametrize(
    ("said", "status", "code", "pointer"),
    [
        ({"size": 0}, 400, "empty_file", "/size"),
        ({"size": -1}, 400, "invalid", "/size"),
        ({"size": "5"}, 400, "invalid", "/size"),
        ({"size": 2**31 + 1, "part_size": None}, 413, "too_large", None),
        ({"filename": ""}, 400, "invalid", "/filename"),
        ({"sha256": "abc"}, 400, "invalid", "/sha256"),
        ({"kind": "poem"}, 400, "invalid", "/kind"),
        ({"kind": "voice", "content_type": "image/png"}, 400, "invalid", "/kind"),
        ({"content_type": "picture"}, 400, "invalid", "/content_type"),
        ({"content_type": "image/png\r\nx: y"}, 400, "invalid", "/content_type"),
        ({"part_size": PART - 1}, 400, "invalid", "/part_size"),
        ({"part_size": 5 * 2**30 + 1}, 400, "invalid", "/part_size"),
        ({"part_checksum": "md5"}, 400, "invalid", "/part_checksum"),
        ({"colour": "red"}, 400, "invalid", "/colour"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_with_the_reason_and_nothing_is_begun(
    world: UploadWorld, said: dict[str, Any], status: int, code: str, pointer: str | None
) -> None:
    ana = new_user()
    answer = world.initiate(ana, **said)
    assert (answer.status, answer.body["code"]) == (status, code), answer.body
    assert [e["pointer"] for e in answer.body.get("errors", ())] == ([pointer] if pointer else [])
    if status == 413:
        assert str(2**31) in answer.body["detail"]
    assert world.counted(ana) == (0, 0)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("two\r\nlines.txt", "two lines.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("x" * 296 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_names_are_kept_for_people_and_harm_nobody(world: UploadWorld, name: str, shown: str) -> None:
    assert world.initiate(new_user(), filename=name).body["filename"] == shown


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"numbers": []}, "/numbers"),
        ({"numbers": [0]}, "/numbers/0"),
        ({"numbers": [1, 1]}, "/numbers"),
        ({"numbers": [1, 3]}, "/numbers/1"),
        ({"numbers": [10_001]}, "/numbers/0"),
        ({"numbers": list(range(1, 102))}, "/numbers"),
        ({"numbers": [1], "sha256": {"1": "no hex" * 10}}, "/sha256/1"),
        ({"numbers": [1], "sha256": {"2": "0" * 64}}, "/sha256/2"),
        ({"sha256": {"one": "0" * 64}}, "/sha256/one"),
        ({"sha256": {"0": "0" * 64}}, "/sha256/0"),
        ({"sha256": {"3": "0" * 64}}, "/sha256/3"),
        ({"sha256": {"1": "0" * 64}}, "/sha256"),
    ],
)
def test_parts_that_cannot_be_are_not_signed(world: UploadWorld, said: dict[str, Any], pointer: str) -> None:
    ana = new_user()
    file_id = world.initiate(ana).body["file_id"]
    answer = world.sign(ana, file_id, **said)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, pointer), answer.body


def test_an_upload_with_checksums_signs_no_part_without_one(world: UploadWorld) -> None:
    ana = new_user()
    file_id = world.initiate(ana, part_checksum="sha256").body["file_id"]
    for said in ({}, {"numbers": [1]}, {"numbers": [1, 2], "sha256": {"1": "0" * 64}}):
        answer = world.sign(ana, file_id, **said)
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "/sha256"), answer.body


def test_foreign_uploads_are_not_there(world: UploadWorld) -> None:
    ana, eve = new_user(), new_user()
    file_id = world.initiate(ana).body["file_id"]
    for unknown in (file_id, new_user()):
        answers = [world.sign(eve, unknown), world.complete(eve, unknown), world.get(eve, unknown)]
        assert [a.status for a in (*answers, world.delete(eve, unknown))] == [404] * 4
    assert world.complete(ana, "no id").status == 400
    assert world.sign(ana, "no-id").status == 404


def test_a_file_that_came_in_one_request_takes_no_parts(world: UploadWorld) -> None:
    ana = new_user()
    body, boundary = form(file_part(b"one", "a.txt", None)), "multipart/form-data; boundary=----boundary"
    small = request("files", "POST", "/v1/files", binary=body, caller=ana, headers={"content-type": boundary}).body
    for answer in (world.sign(ana, small["file_id"]), world.complete(ana, small["file_id"])):
        assert (answer.status, answer.body["code"]) == (409, "not_an_upload")
    assert world.counted(ana) == (3, 0)
    assert world.delete(ana, small["file_id"]).status == 204
    assert world.counted(ana) == (0, 0)


def test_a_key_again_is_the_same_upload_and_other_words_are_refused(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 1)
    first = world.initiate(ana, key="k", size=len(body)).body
    again = world.initiate(ana, key="k", size=len(body))
    assert (again.status, again.body["file_id"]) == (201, first["file_id"])
    send(first["parts"][:1], body)
    send(again.body["parts"][1:], body)
    assert world.initiate(ana, key="k", size=len(body) + 1).body["code"] == "idempotency_key_reused"
    assert world.initiate(new_user(), key="k").body["file_id"] != first["file_id"]
    assert world.counted(ana) == (len(body), 1)
    assert world.complete(ana, first["file_id"]).body["status"] == "completed"
    over = world.initiate(ana, key="k", size=len(body)).body
    assert (over["status"], over["parts"]) == ("completed", [])


def test_begun_twice_at_once_with_a_key_is_one_upload(world: UploadWorld) -> None:
    ana = new_user()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.initiate(ana, key="k"), range(4)))
    assert {a.status for a in answers} == {201}
    (file_id,) = {a.body["file_id"] for a in answers}
    file = find_file(file_id)
    assert file is not None
    assert world.app.upload_bucket.begun(file_id) == [file.upload_id]
    assert world.counted(ana) == (PART + 1, 1)


@pytest.mark.parametrize("key", ["k", None])
def test_an_upload_whose_id_was_not_written_down_is_found_again(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    ana, body = new_user(), content(PART + 1)
    with monkeypatch.context() as dying:
        dying.setattr("chat4all.uploads.update_if", lambda *_: exit())
        with pytest.raises(SystemExit):
            world.initiate(ana, key=key, size=len(body))
    (file_id,) = [u["Key"].removeprefix("files/") for u in _uploads_of(world, ana)]
    (begun,) = world.app.upload_bucket.begun(file_id)
    parts = world.sign(ana, file_id, numbers=[1, 2]).body["parts"]
    assert begun in parts[0]["url"]
    if key:
        assert world.initiate(ana, key=key, size=len(body)).body["file_id"] == file_id
    send(parts, body)
    assert world.complete(ana, file_id).body["status"] == "completed"


def test_an_upload_that_s3_was_never_told_of_is_begun_by_the_next_call(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, body = new_user(), content(PART + 1)
    with monkeypatch.context() as dying:
        dying.setattr(Uploads, "_started", lambda *_, **__: exit())
        with pytest.raises(SystemExit):
            world.initiate(ana, key="k", size=len(body))
    file = world.initiate(ana, key="k", size=len(body)).body
    send(file["parts"], body)
    assert world.complete(ana, file["file_id"]).body["status"] == "completed"


def test_deleting_a_pending_upload_leaves_nothing(world: UploadWorld) -> None:
    ana = new_user()
    file = world.sent(ana, content(PART + 1))
    assert world.delete(ana, file["file_id"]).status == 204
    assert [world.get(ana, file["file_id"]).status, world.complete(ana, file["file_id"]).status] == [404, 404]
    assert not world.is_in_s3(file["file_id"])
    assert world.counted(ana) == (0, 0)


def test_an_upload_whose_time_is_over_takes_nothing_more(world: UploadWorld) -> None:
    ana = new_user()
    file = world.sent(ana, content(PART + 1))
    File(file["file_id"]).update([File.upload_expires_at.set(now_ms() - 1)])
    for answer in (world.sign(ana, file["file_id"]), world.complete(ana, file["file_id"])):
        assert (answer.status, answer.body["code"]) == (409, "upload_expired")


def test_the_quota_holds_when_many_begin_at_once(world: UploadWorld) -> None:
    ana, size = new_user(), PART + 1
    world.set(file_quota_bytes=3 * size)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: world.initiate(ana), range(6)))
    assert sorted(a.status for a in answers) == [201] * 3 + [409] * 3
    assert {a.body["code"] for a in answers if a.status == 409} == {"file_quota_reached"}
    assert world.counted(ana) == (3 * size, 3)
    body, boundary = form(file_part(b"one", "a.txt", None)), "multipart/form-data; boundary=----boundary"
    refused = request("files", "POST", "/v1/files", binary=body, caller=ana, headers={"content-type": boundary})
    assert (refused.status, refused.body["code"]) == (409, "file_quota_reached")


def test_unfinished_uploads_are_counted(world: UploadWorld) -> None:
    ana = new_user()
    world.set(unfinished_uploads_max=2)
    first, _, third = (world.initiate(ana) for _ in range(3))
    assert (third.status, third.body["code"]) == (409, "too_many_uploads")
    assert world.delete(ana, first.body["file_id"]).status == 204
    assert world.initiate(ana).status == 201


@pytest.mark.parametrize(("key", "counted"), [(None, (0, 0)), ("k", (PART + 1, 1))])
def test_an_upload_that_s3_does_not_begin_counts_only_for_who_can_come_back_to_it(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch, key: str | None, counted: tuple[int, int]
) -> None:
    ana = new_user()

    def away(*_: Any) -> str:
        raise Unavailable("S3 is away")

    with monkeypatch.context() as s3:
        s3.setattr(world.app.upload_bucket, "create", away)
        assert world.initiate(ana, key=key).status == 503
    assert world.counted(ana) == counted
    assert world.initiate(ana, key=key).status == 201
    assert world.counted(ana) == (PART + 1, 1)


def test_uploads_are_limited_as_small_files_are(world: UploadWorld) -> None:
    ana = new_user()
    world.set(sends_per_second=0.001, send_burst=1)
    assert [world.initiate(ana).status for _ in range(2)] == [201, 429]


def _uploads_of(world: UploadWorld, owner: str) -> list[dict[str, Any]]:
    """Uploads in S3 whose items are the owner's."""
    found = world.bucket.client.list_multipart_uploads(Bucket=world.bucket.name, Prefix="files/").get("Uploads", ())
    owned = {item.file_id for item in File.scan(File.owner_id == owner)}
    return [u for u in found if u["Key"].removeprefix("files/") in owned]
