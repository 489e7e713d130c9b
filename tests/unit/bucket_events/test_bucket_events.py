"""What functions are told of what the engine posted, and of what it could not post, with S3 answered by a small server."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.application import BucketNotification
from local.bucket_events import BucketEvents
from local.endpoints import Endpoints

PETS = BucketNotification("photos", "Photos-0", "s3:ObjectCreated:*", "pet", "pets/")
GONE = BucketNotification("photos", "Photos-1", "s3:ObjectRemoved:*", "gone", "pets/")
FILMS = BucketNotification("photos", "Photos-2", "s3:ObjectCreated:*", "film", "films/")


class Bucket:
    """Objects by key: their ETags. Two to a page."""

    def __init__(self) -> None:
        self.objects: dict[str, str] = {}

    async def listed(self, request: web.Request) -> web.Response:
        after, prefix = request.query.get("continuation-token", ""), request.query["prefix"]
        keys = [key for key in sorted(self.objects) if key.startswith(prefix) and key > after]
        rows = "".join(
            f"<Contents><Key>{quote_plus(key)}</Key><ETag>&quot;{self.objects[key]}&quot;</ETag><Size>1</Size>"
            "<LastModified>2026-11-21T12:00:00.500Z</LastModified></Contents>"
            for key in keys[:2]
        )
        more = f"<NextContinuationToken>{keys[1]}</NextContinuationToken>" if len(keys) > 2 else ""
        return web.Response(text=f'<R xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{rows}{more}</R>')


class World:
    """A bucket, and stacks that come one after another."""

    def __init__(self, url: str, bucket: Bucket, folder: Path) -> None:
        self.bucket = bucket
        self.told: list[tuple[str, str, str]] = []
        """Function, event, key."""
        self.refuses = False
        self._endpoints = Endpoints(external_s3_url=url)
        self._file = folder / "events.sqlite"
        self._running: BucketEvents | None = None

    async def start(self, *notifications: BucketNotification) -> BucketEvents:
        """A stack; one that ran before was killed. What was told is forgotten."""
        await self.stop()
        self.told.clear()
        self._running = BucketEvents(notifications or (PETS, GONE), self._endpoints, self._file, self._invoke)
        await self._running.start()
        return self._running

    async def stop(self) -> None:
        if self._running is not None:
            await self._running.stop()

    async def _invoke(self, function: str, event: bytes) -> None:
        if self.refuses:
            raise OSError("no room")
        (record,) = json.loads(event)["Records"]
        self.told.append((function, record["eventName"], record["s3"]["object"]["key"]))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    bucket, server = Bucket(), web.Application()
    server.router.add_get("/photos", bucket.listed)
    async with TestServer(server) as running:
        one = World(str(running.make_url("")).rstrip("/"), bucket, tmp_path)
        yield one
        await one.stop()


def posted(key: str, etag: str = "", old: bool = False) -> bytes:
    """A put, or a removal."""
    entry: dict[str, Any] = {"name": key, "attributes": {"mtime": 1795262400, "file_size": 1, "md5": etag}}
    message = {"old_entry": entry} if old else {"new_entry": entry}
    return json.dumps({"key": f"/buckets/photos/{key}", "event_type": "", "message": message}).encode()


def token_of(events: BucketEvents) -> str:
    listener = events.listener("/changes")
    assert listener is not None
    return listener.token


async def test_what_is_there_before_anybody_asks_is_not_told(world: World) -> None:
    world.bucket.objects = {"pets/1": "a", "films/1": "a"}
    await world.start()
    assert world.told == []
    await world.start(PETS, GONE, FILMS)
    assert world.told == []


async def test_what_changed_while_nobody_listened_is_told_once(world: World) -> None:
    world.bucket.objects = {f"pets/{number}": "a" for number in range(5)}
    await world.start()
    world.bucket.objects |= {"pets/1": "b", "pets/new ä": "a", "films/1": "a"}
    del world.bucket.objects["pets/4"]
    await world.start()
    assert sorted(world.told) == [
        ("gone", "ObjectRemoved:Delete", "pets/4"),
        ("pet", "ObjectCreated:Put", "pets/1"),
        ("pet", "ObjectCreated:Put", "pets/new+%C3%A4"),
    ]
    await world.start()
    assert world.told == []


async def test_parts_are_known_by_their_etag(world: World) -> None:
    await world.start()
    world.bucket.objects = {"pets/film": "abc-12"}
    await world.start()
    assert world.told == [("pet", "ObjectCreated:CompleteMultipartUpload", "pets/film")]


async def test_what_the_engine_posts_is_told_and_not_again_after_a_kill(world: World) -> None:
    events = await world.start()
    token = token_of(events)
    assert await events.told(token, posted("pets/1", "q80="))
    assert await events.told(token, posted("films/1", "q80="))
    assert world.told == [("pet", "ObjectCreated:Put", "pets/1")]
    world.bucket.objects = {"pets/1": "abcd", "films/1": "abcd"}
    await world.start()
    assert world.told == []


async def test_what_could_not_be_handed_over_is_told_later(world: World) -> None:
    events = await world.start()
    world.refuses = True
    with pytest.raises(OSError, match="no room"):
        await events.told(token_of(events), posted("pets/1", "q80="))
    world.refuses = False
    world.bucket.objects = {"pets/1": "abcd"}
    await world.start()
    assert world.told == [("pet", "ObjectCreated:Put", "pets/1")]


async def test_what_cannot_be_read_is_looked_for(world: World, caplog: pytest.LogCaptureFixture) -> None:
    events = await world.start()
    world.bucket.objects = {"pets/1": "a"}
    assert await events.told(token_of(events), b'{"key": 1, "message": []}')
    assert "what the S3 engine tells cannot be read" in caplog.text
    async with asyncio.timeout(30):
        while not world.told:
            await asyncio.sleep(0.01)
    assert world.told == [("pet", "ObjectCreated:Put", "pets/1")]


async def test_only_who_has_the_token_is_listened_to(world: World) -> None:
    events = await world.start()
    assert not await events.told("guessed", posted("pets/1", "q80="))
    assert not await events.told("", posted("pets/1", "q80="))
    assert world.told == []


async def test_an_engine_that_nobody_wants_to_hear_of_is_asked_for_nothing(world: World) -> None:
    assert (await world.start(PETS, GONE, FILMS)).listener("/changes") is not None
    silent = BucketEvents((), Endpoints(), world._file.with_name("other.sqlite"), world._invoke)
    assert silent.listener("/changes") is None
    await silent.start()
    await silent.stop()
