"""Captures are written, bounded, and read again."""

import asyncio
import sqlite3
import stat
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.captures.capture import Source
from local.captures.file import CaptureFile
from local.captures.observed import Observed
from local.captures.settings import CaptureSettings
from local.captures.store import CaptureStore
from local.lambda_service.platform_lines import Outcome


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CaptureStore]:
    store = CaptureStore(tmp_path / "captures.sqlite", CaptureSettings(number=100, bytes=100_000))
    await store.start()
    yield store
    await store.stop()


def seen(
    request_id: str, function: str = "f", *, failed: bool = False, event: bytes = b"{}", source: Source = "http"
) -> Observed:
    log = b"REPORT RequestId: x\tDuration: 2.00 ms\tMax Memory Used: 9 MB\t\n"
    ran = Outcome(0.002, 128, 9)
    error = "Unhandled" if failed else None
    return Observed(request_id, function, source, time.time(), event, b"{}", log, error, None, ran)


async def test_lists_the_newest_first_by_what_is_asked(store: CaptureStore) -> None:
    store.add(seen("1", "a"))
    store.add(seen("2", "b", failed=True, source="kafka"))
    store.add(seen("3", "a", event=b'{"name":"R\xc3\xa9x"}'))

    async def ids(**asked: object) -> list[str]:
        return [summary.request_id for summary in await store.list(**asked)]  # type: ignore[arg-type]

    assert await ids() == ["3", "2", "1"]
    assert await ids(function="a") == ["3", "1"]
    assert await ids(source="kafka") == ["2"]
    assert await ids(errors=True) == ["2"]
    assert await ids(text="Réx") == ["3"]
    assert await ids(text="2") == ["3", "2", "1"], "in the log"
    assert await ids(limit=2) == ["3", "2"]
    (second,) = [summary for summary in await store.list() if summary.request_id == "2"]
    assert await ids(before=second.sequence) == ["1"]
    assert second.duration_ms == 2
    capture = await store.get("3")
    assert capture is not None
    assert capture.event == '{"name":"Réx"}'.encode()
    assert await store.get("4") is None


async def test_watchers_are_told(store: CaptureStore) -> None:
    store.add(seen("before"))
    await store.flush()
    watch = store.watch()
    told = asyncio.ensure_future(anext(watch))
    await asyncio.sleep(0)
    store.add(seen("1"))
    store.add(seen("2", failed=True))
    async with asyncio.timeout(10):
        batch = await told
    assert [summary.request_id for summary in batch] == ["1", "2"]
    assert list(batch) == list(reversed(await store.list(limit=2))), "as they are listed"
    await watch.aclose()  # type: ignore[attr-defined]


async def test_oldest_go_first_and_no_success_pushes_out_a_failure(store: CaptureStore) -> None:
    store.add(seen("failed", failed=True))
    for number in range(1000):
        store.add(seen(str(number)))
        if number % 100 == 0:
            await store.flush()
    kept = await store.list(limit=10_000)
    assert 100 <= len(kept) <= 1 + 100 + 100
    assert kept[0].request_id == "999"
    assert [summary.request_id for summary in await store.list(errors=True)] == ["failed"]
    for number in range(20):
        store.add(seen(f"large {number}", event=b"x" * 30_000))
        await store.flush()
    assert len(await store.list(limit=1000)) < 10, "bounded by bytes"
    assert await store.get("failed") is not None
    assert store.statistics_of("f").invocations == 1021


async def test_when_the_disk_is_too_slow_failures_are_kept(store: CaptureStore) -> None:
    large = b"x" * (6 << 20)
    store.add(seen("failed", failed=True))
    for number in range(20):
        store.add(seen(str(number), event=large))
    assert store.dropped
    assert await store.get("failed") is not None


async def test_what_is_in_the_file_survives_a_kill(store: CaptureStore, tmp_path: Path) -> None:
    store.add(seen("1"))
    await store.flush()
    # Nothing is closed: another process reads as it would after a kill.
    assert [one.request_id for one in CaptureFile(tmp_path / "captures.sqlite").list()] == ["1"]


async def test_only_the_owner_may_read(store: CaptureStore, tmp_path: Path) -> None:
    store.add(seen("1"))
    await store.flush()
    files = [tmp_path / f"captures.sqlite{suffix}" for suffix in ("", "-wal", "-shm")]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_a_failing_disk_is_told_and_tried_again(
    store: CaptureStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_rows: object) -> list[object]:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store._file, "append", full)
        store.add(seen("lost"))
        await store.flush()
    assert "1 invocations were not captured" in caplog.text
    assert store.dropped == 1
    store.add(seen("kept"))
    assert [one.request_id for one in await store.list()] == ["kept"]


async def test_a_file_that_is_damaged_inside_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It opens, and fails later."""
    path = tmp_path / "captures.sqlite"
    store = CaptureStore(path)
    await store.start()
    for number in range(50):
        store.add(seen(f"old-{number}", event=b"x" * 2000))
    await store.stop()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    store = CaptureStore(path)
    await store.start()
    store.add(seen("new"))
    assert [one.request_id for one in await store.list()] == ["new"]
    assert "is damaged and is begun anew" in caplog.text
    await store.stop()


def test_what_is_no_capture_file_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "captures.sqlite"
    assert CaptureFile(path).list() == [], "none is there"
    for content in (b"", b"this is no database at all, whoever wrote it here" * 100):
        path.write_bytes(content)
        file = CaptureFile(path)
        file.open()
        assert file.list() == []
        file.close()
    with sqlite3.connect(path) as older:
        older.execute("PRAGMA user_version = 99")
    older.close()
    assert CaptureFile(path).list() == []
    file = CaptureFile(path)
    file.open()
    file.append([])
    file.close()
