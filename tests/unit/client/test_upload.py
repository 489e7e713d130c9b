"""Uploads: what arrives is what the file has, whatever the network, the storage and other people do meanwhile."""

import asyncio
import hashlib
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from chat4all_client import (
    ApiError,
    Cancelled,
    Client,
    ClientError,
    Control,
    FileChanged,
    FileRejected,
    Progress,
    UnderWay,
    Unreachable,
    journal,
    uploads,
)
from tests.unit.client.wire import FILE_ID, PART, Wire, problem, s3_error


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cut(request: web.Request) -> None:
    """The connection is gone in the middle of a part."""
    assert request.transport is not None
    request.transport.abort()


async def until(holds: Any) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not within 10 s")


async def test_a_file_arrives_whole_and_nothing_is_left_behind(
    client: Client, server: Wire, film: Path, state: Path
) -> None:
    seen: list[Progress] = []
    file = await client.upload(film, on_progress=seen.append)
    assert (file["status"], file["sha256"]) == ("completed", sha256(film))
    assert (file["filename"], file["content_type"]) == ("film.mp4", "video/mp4")
    assert sorted(server.puts) == [1, 2, 3, 4]
    assert (seen[-1].phase, seen[-1].done, seen[-1].total) == ("completed", film.stat().st_size, film.stat().st_size)
    assert list(state.iterdir()) == []
    assert [t for t in threading.enumerate() if t.name.startswith("chat4all")] == []


async def test_a_token_that_has_run_out_is_renewed_once(client: Client, server: Wire, film: Path) -> None:
    server.token = "another"
    await client.upload(film)
    assert server.calls.count("POST /auth/refresh") == 1


@pytest.mark.parametrize(
    "fault",
    [
        s3_error(403, "AccessDenied"),
        s3_error(503, "SlowDown"),
        s3_error(500, "InternalError"),
        s3_error(400, "BadDigest"),
        cut,
    ],
    ids=["expired", "throttled", "failing", "spoilt on the way", "cut"],
)
async def test_a_part_that_failed_is_sent_again_with_a_fresh_url(
    client: Client, server: Wire, film: Path, fault: Any
) -> None:
    server.fail("PUT 2", fault)
    server.fail("PUT 4", cut)
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert sorted(server.puts) == [1, 2, 2, 3, 4, 4]
    assert server.signings == 6


async def test_an_api_that_says_to_come_back_is_asked_again_with_the_same_key(
    client: Client, server: Wire, film: Path
) -> None:
    server.fail("initiate", problem(503, "unavailable"), web.json_response({"message": "no"}, status=500))
    server.fail("{id}/parts", problem(429, "rate_limited"), cut)
    server.fail("complete", problem(502, "bad_gateway"))
    assert (await client.upload(film))["status"] == "completed"
    assert len(server.keys) == 1


async def test_what_is_missing_at_the_end_is_sent_again(client: Client, server: Wire, film: Path) -> None:
    def lost(_: web.Request) -> None:
        del server.parts[3]

    server.fail("complete", lost)
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert sorted(server.puts) == [1, 2, 3, 3, 4]


async def test_a_storage_that_never_answers_ends_patience_and_a_later_call_goes_on(
    client: Client, server: Wire, film: Path
) -> None:
    server.fail("PUT 3", *[s3_error(503, "SlowDown")] * 100)
    with pytest.raises(Unreachable, match=r"part 3: SlowDown"):
        await client.upload(film)
    arrived = set(server.parts)
    assert arrived >= {1, 2}
    server.faults.clear()
    server.puts.clear()
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert set(server.puts) == {1, 2, 3, 4} - arrived
    assert server.calls.count("POST initiate") == 1


async def test_a_refusal_for_good_is_told_at_once(client: Client, server: Wire, film: Path) -> None:
    server.fail("PUT 1", s3_error(404, "NoSuchUpload"))
    with pytest.raises(ApiError, match="knows nothing of it any more"):
        await client.upload(film)
    server.fail("initiate", problem(413, "too_large", detail="at most 2 GiB"))
    other = film.with_name("other.mp4")
    other.write_bytes(b"other")
    with pytest.raises(ApiError, match="at most 2 GiB") as refused:
        await client.upload(other)
    assert refused.value.code == "too_large"


async def test_what_the_servers_checks_refuse_is_forgotten(
    client: Client, server: Wire, film: Path, state: Path
) -> None:
    server.fail(
        "complete", web.json_response({"file_id": FILE_ID, "status": "failed", "reason": "threat_found: EICAR"})
    )
    with pytest.raises(FileRejected, match="EICAR"):
        await client.upload(film)
    assert list(state.iterdir()) == []


async def test_a_file_that_changes_meanwhile_is_told_and_goes_on_with_what_changed(
    client: Client, server: Wire, film: Path
) -> None:
    def rewrite(_: web.Request) -> web.Response:
        with film.open("r+b") as file:
            file.seek(PART)
            file.write(b"changed")
        return s3_error(400, "BadDigest")

    server.fail("PUT 2", rewrite)
    with pytest.raises(FileChanged, match="part 2"):
        await client.upload(film)
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert server.calls.count("POST initiate") == 1


async def test_a_part_that_was_changed_between_two_runs_is_sent_again(client: Client, server: Wire, film: Path) -> None:
    server.fail("PUT 4", *[s3_error(503, "SlowDown")] * 100)
    with pytest.raises(Unreachable):
        await client.upload(film)
    server.faults.clear()
    server.puts.clear()
    with film.open("r+b") as file:
        file.write(b"changed")
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert set(server.puts) == {1, 4}


async def test_who_died_before_the_changed_part_was_sent_sends_it_later(
    client: Client, server: Wire, film: Path
) -> None:
    server.fail("PUT 4", *[s3_error(503, "SlowDown")] * 100)
    with pytest.raises(Unreachable):
        await client.upload(film)
    with film.open("r+b") as file:
        file.write(b"changed")
    server.fail("PUT 1", *[s3_error(503, "SlowDown")] * 100)
    with pytest.raises(Unreachable):
        await client.upload(film)
    server.faults.clear()
    assert (await client.upload(film))["sha256"] == sha256(film)


async def test_a_file_of_another_size_is_another_upload_and_the_old_one_is_aborted(
    client: Client, server: Wire, film: Path
) -> None:
    server.fail("PUT 4", s3_error(400, "EntityTooLarge"))
    with pytest.raises(ApiError):
        await client.upload(film)
    with film.open("ab") as file:
        file.write(b"more")
    server.parts.clear()
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert len(server.keys) == 2
    assert "DELETE {id}" in server.calls


async def test_who_died_before_the_answer_of_initiate_finds_the_same_upload(
    client: Client, server: Wire, film: Path, state: Path
) -> None:
    server.fail("initiate", *[problem(503, "unavailable")] * 100)
    with pytest.raises(Unreachable):
        await client.upload(film, part_size=PART)
    server.faults.clear()
    assert (await client.upload(film))["part_size"] == PART
    assert len(server.keys) == 1


async def test_what_was_refused_at_the_beginning_begins_anew(client: Client, server: Wire, film: Path) -> None:
    server.fail("initiate", problem(400, "invalid"))
    with pytest.raises(ApiError):
        await client.upload(film, kind="nonsense")
    assert (await client.upload(film))["status"] == "completed"
    assert len(server.keys) == 1


async def test_another_machine_goes_on_by_the_id(client: Client, server: Wire, film: Path, state: Path) -> None:
    server.fail("PUT 2", s3_error(400, "EntityTooLarge"))
    with pytest.raises(ApiError):
        await client.upload(film)
    for file in state.iterdir():
        file.unlink()
    arrived, server.puts = set(server.parts), []
    assert (await client.upload(film, file_id=FILE_ID))["sha256"] == sha256(film)
    # What was on its way when the first one ended may have arrived since.
    assert 2 in server.puts
    assert not set(server.puts) & arrived
    film.write_bytes(b"other")
    with pytest.raises(FileChanged, match="of 3145729 bytes, the file has 5"):
        await client.upload(film, file_id=FILE_ID)


async def test_two_at_once_do_not_send_the_same_file(client: Client, server: Wire, film: Path) -> None:
    server.gate.clear()
    first = asyncio.create_task(client.upload(film))
    await until(lambda: server.puts)
    with pytest.raises(UnderWay):
        await client.upload(film)
    server.gate.set()
    assert (await first)["status"] == "completed"


async def test_a_pause_is_silence_and_what_has_arrived_stays(client: Client, server: Wire, film: Path) -> None:
    control, seen = Control(), []
    server.fail("PUT 4", *[s3_error(500, "InternalError")] * 3)
    uploading = asyncio.create_task(client.upload(film, control=control, on_progress=seen.append))
    await until(lambda: len(server.parts) >= 2)
    control.pause()
    await until(lambda: seen[-1].phase == "paused")
    await asyncio.sleep(0.1)
    asked = (len(server.puts), len(server.calls))
    await asyncio.sleep(0.7)
    assert (len(server.puts), len(server.calls)) == asked
    control.resume()
    assert (await uploading)["sha256"] == sha256(film)
    assert server.puts.count(1) <= 2


async def test_cancelling_aborts_at_once_even_where_a_part_hangs(
    client: Client, server: Wire, film: Path, state: Path
) -> None:
    control = Control()
    server.gate.clear()
    uploading = asyncio.create_task(client.upload(film, control=control))
    await until(lambda: server.reading)
    control.cancel()
    with pytest.raises(Cancelled):
        await uploading
    assert server.file == {}
    assert list(state.iterdir()) == []


async def test_a_task_that_is_cancelled_keeps_what_is_needed_to_go_on(client: Client, server: Wire, film: Path) -> None:
    server.fail("PUT 3", *[s3_error(503, "SlowDown")] * 100)
    uploading = asyncio.create_task(client.upload(film))
    await until(lambda: len(server.parts) >= 2)
    uploading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await uploading
    arrived, server.puts = set(server.parts), []
    server.faults.clear()
    assert (await client.upload(film))["sha256"] == sha256(film)
    assert not arrived & set(server.puts)


async def test_what_is_no_file_is_refused_at_once(client: Client, server: Wire, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(ClientError, match="is no regular file"):
            await client.upload(path)
    assert server.calls == []


async def test_a_name_that_is_no_text_is_sent_as_near_as_can_be(client: Client, server: Wire, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"menu")
    assert (await client.upload(path))["filename"] == "caf?.txt"


async def test_a_stream_is_read_once(client: Client, server: Wire, film: Path) -> None:
    server.fail("PUT 1", s3_error(500, "InternalError"))
    with film.open("rb") as stream:
        read = io.BufferedReader(NotSeekable(stream))
        file = await client.upload_stream(read, size=film.stat().st_size, filename="a.bin")
    assert file["sha256"] == sha256(film)


@pytest.mark.parametrize(("size", "said"), [(PART + 1, "more than the"), (3 * 1024 * 1024 + 9, "ended after")])
async def test_a_stream_of_another_size_is_refused_and_nothing_is_left(
    client: Client, server: Wire, film: Path, size: int, said: str
) -> None:
    with film.open("rb") as stream, pytest.raises(FileChanged, match=said):
        await client.upload_stream(stream, size=size, filename="a.bin")
    assert server.file == {}


async def test_an_upload_that_was_left_can_be_cancelled_later(
    client: Client, server: Wire, film: Path, state: Path
) -> None:
    server.fail("PUT 2", s3_error(400, "EntityTooLarge"))
    with pytest.raises(ApiError):
        await client.upload(film)
    assert await client.cancel_upload(film)
    assert (server.file, list(state.iterdir())) == ({}, [])
    assert not await client.cancel_upload(film)


def test_a_line_that_was_cut_off_counts_as_not_written(tmp_path: Path) -> None:
    path = tmp_path / "j" / "x.jsonl"
    with journal.opened(path) as kept:
        kept.start({"key": "k"})
        kept.note({"number": 1})
    path.write_bytes(path.read_bytes() + b'{"numb')
    with journal.opened(path) as kept:
        assert kept.lines == [{"key": "k"}, {"number": 1}]
        kept.note({"number": 2})
    with journal.opened(path) as kept:
        assert kept.lines[-1] == {"number": 2}


def test_the_place_of_a_journal_is_that_of_server_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"a")
    monkeypatch.chdir(tmp_path)
    assert uploads.journal_path("http://x", Path("a")) == uploads.journal_path("http://x", tmp_path / "a")
    assert uploads.journal_path("http://x", Path("a")) != uploads.journal_path("http://y", Path("a"))


class NotSeekable(io.RawIOBase):
    """A pipe, as it were."""

    def __init__(self, inner: io.BufferedReader) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        return self._inner.readinto(into)

    def fileno(self) -> int:
        raise OSError("has none")


async def test_how_far_the_servers_check_is_can_be_seen(client: Client, server: Wire, film: Path) -> None:
    seen: list[Progress] = []

    def verifying(_: web.Request) -> web.Response:
        server.file |= {"status": "verifying", "verification": {"checked_bytes": 7}}
        return web.json_response(server.file, status=202)

    server.fail("complete", verifying)
    uploading = asyncio.create_task(client.upload(film, on_progress=seen.append))
    await until(lambda: seen and (seen[-1].phase, seen[-1].done) == ("verifying", 7))
    server.file["status"] = "completed"
    assert (await uploading)["status"] == "completed"
    assert (seen[-1].phase, seen[-1].done) == ("completed", film.stat().st_size)
