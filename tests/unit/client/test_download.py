"""Downloads: the name appears when the whole is there and right, and never before."""

import asyncio
import errno
import hashlib
import os
import random
from pathlib import Path
from typing import Any

import pytest

from chat4all_client import (
    ApiError,
    Cancelled,
    ChecksumMismatch,
    Client,
    Control,
    FileChanged,
    Progress,
    Unreachable,
    download,
)
from tests.unit.client.test_upload import cut, until
from tests.unit.client.wire import FILE_ID, Wire, problem, s3_error

WHOLE = random.Random(5).randbytes(700_001)


@pytest.fixture
def stored(server: Wire, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A file of seven ranges."""
    monkeypatch.setattr(download, "RANGE", 100_001)
    server.parts[1] = WHOLE
    digest = hashlib.sha256(WHOLE).hexdigest()
    server.file = {"file_id": FILE_ID, "status": "completed", "size": len(WHOLE), "sha256": digest, "filename": "a.bin"}
    return server


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "state")


async def test_the_whole_comes_in_ranges_and_gets_its_name_at_the_end(
    client: Client, stored: Wire, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    path = await client.download(FILE_ID, tmp_path, on_progress=seen.append)
    assert (path, path.read_bytes(), names(tmp_path)) == (tmp_path / "a.bin", WHOLE, ["a.bin"])
    assert (len(stored.ranges), stored.signings) == (7, 1)
    assert (seen[-1].phase, seen[-1].done) == ("completed", len(WHOLE))


@pytest.mark.parametrize(
    "fault", [s3_error(403, "AccessDenied"), s3_error(503, "SlowDown"), cut], ids=["expired", "throttled", "cut"]
)
async def test_a_range_that_failed_is_asked_for_again(client: Client, stored: Wire, tmp_path: Path, fault: Any) -> None:
    stored.fail("GET", fault, fault)
    assert (await client.download(FILE_ID, tmp_path / "b")).read_bytes() == WHOLE
    assert len(stored.ranges) == 9


async def test_another_process_goes_on_with_what_is_here(client: Client, stored: Wire, tmp_path: Path) -> None:
    stored.faults["GET"] = [lambda _: None] * 3 + [s3_error(503, "SlowDown")] * 100
    with pytest.raises(Unreachable):
        await client.download(FILE_ID, tmp_path)
    assert names(tmp_path) == ["a.bin.part", "a.bin.part.journal"]
    stored.faults.clear()
    stored.ranges.clear()
    assert (await client.download(FILE_ID, tmp_path)).read_bytes() == WHOLE
    assert len(stored.ranges) == 4
    assert names(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("spoil", ["journal", "part"])
async def test_what_is_no_part_of_it_is_not_gone_on_with(
    client: Client, stored: Wire, tmp_path: Path, spoil: str
) -> None:
    stored.faults["GET"] = [lambda _: None] * 3 + [s3_error(503, "SlowDown")] * 100
    with pytest.raises(Unreachable):
        await client.download(FILE_ID, tmp_path)
    stored.faults.clear()
    stored.ranges.clear()
    if spoil == "journal":
        (tmp_path / "a.bin.part.journal").write_bytes(b"no json")
    else:
        (tmp_path / "a.bin.part").write_bytes(b"short")
    assert (await client.download(FILE_ID, tmp_path)).read_bytes() == WHOLE
    assert len(stored.ranges) == 7


async def test_bytes_that_are_not_the_files_are_not_kept(client: Client, stored: Wire, tmp_path: Path) -> None:
    stored.parts[1] = WHOLE[:-1] + bytes([WHOLE[-1] ^ 1])
    with pytest.raises(ChecksumMismatch):
        await client.download(FILE_ID, tmp_path)
    assert names(tmp_path) == []


async def test_another_object_under_the_same_name_is_not_mixed_in(client: Client, stored: Wire, tmp_path: Path) -> None:
    stored.faults["GET"] = [lambda _: None, s3_error(412, "PreconditionFailed")]
    with pytest.raises(FileChanged, match="another now"):
        await client.download(FILE_ID, tmp_path)
    assert names(tmp_path) == []


async def test_what_is_there_is_kept_unless_it_is_to_be_replaced(client: Client, stored: Wire, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        await client.download(FILE_ID, tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == b"mine"
    assert (await client.download(FILE_ID, tmp_path, overwrite=True)).read_bytes() == WHOLE


async def test_a_file_that_is_not_completed_is_not_asked_for(client: Client, stored: Wire, tmp_path: Path) -> None:
    stored.file["status"] = "failed"
    stored.fail("{id}/presigned", problem(409, "file_failed"))
    with pytest.raises(ApiError, match="file_failed"):
        await client.download(FILE_ID, tmp_path)
    assert names(tmp_path) == []


async def test_a_full_disk_is_told_at_once_and_later_it_goes_on(
    client: Client, stored: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.pwrite

    def almost_full(target: int, piece: memoryview, offset: int) -> int:
        if offset >= 350_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(target, piece[: 350_000 - offset], offset)

    with monkeypatch.context() as disk:
        disk.setattr(os, "pwrite", almost_full)
        with pytest.raises(OSError, match="No space left"):
            await client.download(FILE_ID, tmp_path)
    assert names(tmp_path) == ["a.bin.part", "a.bin.part.journal"]
    assert (await client.download(FILE_ID, tmp_path)).read_bytes() == WHOLE


async def test_cancelling_keeps_nothing_and_pausing_is_silence(client: Client, stored: Wire, tmp_path: Path) -> None:
    control = Control()
    stored.gate.clear()
    getting = asyncio.create_task(client.download(FILE_ID, tmp_path, control=control))
    await until(lambda: len(stored.ranges) == 3)
    control.pause()
    await asyncio.sleep(0.2)
    assert len(stored.ranges) == 3
    control.resume()
    await until(lambda: len(stored.ranges) == 6)
    control.cancel()
    with pytest.raises(Cancelled):
        await getting
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        (".bashrc", "bashrc"),
        ("a\nb‮c.exe", "a_b_c.exe"),
        ("...", "file"),
        ("日本.txt", "日本.txt"),
    ],
)
def test_a_name_from_the_server_stays_in_the_folder(sent: str, kept: str) -> None:
    assert download.local_name(sent) == kept


def test_a_long_name_keeps_its_extension_and_leaves_room() -> None:
    name = download.local_name("é" * 300 + ".pdf")
    assert name.endswith("é.pdf")
    assert len(f"{name}.part.journal".encode()) <= 255
