"""The scan hook, with a function that scans: what it finds is kept from everybody, and what it cannot judge waits."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chat4all.bootstrap import App
from chat4all.file_bucket import FileBucket, FileGone
from chat4all.file_scan import LambdaScanner, ScanFailed
from tests.contract.check_world import CheckWorld, standing, text_of
from tests.contract.file_world import BOUNDARY, file_part, form
from tests.contract.handlers import request
from tests.contract.messaging import new_user
from tests.contract.scanners import EICAR, scanner
from tests.contract.upload_world import UploadWorld

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def lambda_url(files_bucket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with scanner(tmp_path_factory.mktemp("scanner"), os.environ["AWS_ENDPOINT_URL_S3"]) as url:
        yield url


@pytest.fixture
def world(deployed: App, files_bucket: str, lambda_url: str, monkeypatch: pytest.MonkeyPatch) -> CheckWorld:
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", lambda_url)
    return CheckWorld(deployed, FileBucket(files_bucket), scanner=LambdaScanner("scanner"))


def test_the_eicar_file_is_found_and_nothing_of_it_is_kept(world: CheckWorld) -> None:
    file = world.put_together(text_of(200_000) + EICAR, content_type="text/plain")
    world.run(file)
    assert (standing(file).status, standing(file).reason) == ("failed", "infected: Eicar-Signature")
    with pytest.raises(FileGone):
        world.bucket.open(file.file_id)
    assert world.counted(file.owner_id) == (0, 0)


def test_what_is_clean_passes(world: CheckWorld) -> None:
    file = world.put_together(text_of(200_000))
    world.run(file)
    assert standing(file).status == "completed"


def test_a_scanner_that_fails_lets_nothing_through(world: CheckWorld) -> None:
    file = world.put_together(text_of(13))
    with pytest.raises(ScanFailed, match=r"scan_failed: scanner: .*no signatures"):
        world.run(file)
    assert standing(file).status == "verifying"
    world.run(file, is_last_try=True)
    assert str(standing(file).reason).startswith("expired: scan_failed: ")


def test_a_scanner_that_is_not_there_lets_nothing_through(world: CheckWorld) -> None:
    world.scanner = LambdaScanner("nobody")
    file = world.put_together(text_of(20))
    with pytest.raises(ScanFailed, match="ResourceNotFoundException"):
        world.run(file)
    assert standing(file).status == "verifying"


def test_small_files_wait_for_their_scan_too(
    deployed: App, files_bucket: str, lambda_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", lambda_url)
    deployed.settings = replace(deployed.settings, file_scan_function="scanner")
    world, ana = UploadWorld(deployed, FileBucket(files_bucket)), new_user()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    for body, status in ((b"a text", "completed"), (b"text " + EICAR, "failed")):
        said = form(file_part(body, "a.txt", "text/plain"))
        answer = request("files", "POST", "/v1/files", binary=said, caller=ana, headers=headers)
        assert (answer.status, answer.body["status"]) == (201, status), answer.body
        assert world.is_in_s3(answer.body["file_id"]) is (status == "completed")
    assert answer.body["reason"] == "infected: Eicar-Signature"
    assert world.counted(ana) == (len(b"a text"), 0)


def test_without_the_setting_nobody_scans(world: CheckWorld, deployed: App) -> None:
    assert deployed.file_check._scanner is None
