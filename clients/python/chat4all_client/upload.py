"""One upload: hashed, signed, sent and checked, each step some parts ahead of the next."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from chat4all_client.api import Api, Json, poll
from chat4all_client.connections import Answer, ByteConnection
from chat4all_client.control import Control
from chat4all_client.errors import ApiError, FileChanged, FileRejected
from chat4all_client.parts import Part, Source, sha256_of
from chat4all_client.storage_answers import Fate
from chat4all_client.transfers import Settings, Threads, together
from chat4all_client.tries import Tries

SIGNED_AT_ONCE = 32
"""URLs asked for in one request, at most."""
_ROUNDS = 3
_UNKNOWN = ""
"""In the place of a SHA-256: that of no part."""
_CHECKED_BYTES_S = 2e6
"""The server checks at least so much a second, or something is wrong."""


@dataclass(frozen=True, slots=True)
class Url:
    """A presigned address of one part, and the headers that are signed in."""

    url: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Begun:
    """An upload that the server knows."""

    file_id: str
    part_size: int
    arrived: set[int] = field(default_factory=set)
    checksums: bool = True
    """Each part's SHA-256 is signed into its address, and S3 checks it; an upload takes all parts so, or none."""
    digests: dict[int, str] = field(default_factory=dict)
    """SHA-256 of parts that have arrived, as far as this machine knows them."""


class Upload:
    """Moves the parts that have not arrived, and completes."""

    def __init__(
        self, api: Api, source: Source, begun: Begun, settings: Settings, control: Control, note: Callable[[Json], None]
    ) -> None:
        self._api = api
        self._note = note
        self._source = source
        self._begun = begun
        self._settings = settings
        self._control = control
        self._done = self._checked = 0
        self._under_way: dict[int, int] = {}
        self._tries = Tries(settings.patience_s, control)
        self.phase = "checking" if begun.arrived else "transferring"
        self._hashed: asyncio.Queue[Part | None] = asyncio.Queue(2 * settings.parallel)
        self._signed: asyncio.Queue[tuple[Part, Url] | None] = asyncio.Queue(settings.parallel)

    def shown_phase(self) -> str:
        """For people."""
        return "paused" if self._control.paused else self.phase

    def bytes_done(self) -> int:
        """That have arrived or are on their way; when all have, that the server has read again."""
        if self.phase == "verifying":
            return self._checked
        return self._done + sum(self._under_way.values())

    async def run(self) -> Json:
        """The file, completed.

        Raises:
            FileRejected: by the server's checks. FileChanged. ApiError. Unreachable: going on later is possible.
        """
        with Threads(self._settings, self._control) as threads:
            for left in reversed(range(_ROUNDS)):
                await self._transfer(threads)
                self._source.check_unchanged()
                self.phase = "verifying"
                try:
                    file = await self._completed()
                except ApiError as error:
                    if error.code != "parts_missing" or not left:
                        raise
                    # The server knows best, whatever was thought to have arrived.
                    file = await self._api.call("GET", f"/v1/files/{self._begun.file_id}")
                    self._begun.arrived = set(file.get("upload", {}).get("arrived", ()))
                    continue
                return self._settled(file)
        raise AssertionError("unreachable")

    async def _transfer(self, threads: Threads) -> None:
        self._done = 0
        self.phase = "checking" if self._begun.arrived else "transferring"
        senders = (self._send(threads, connection) for connection in threads.connections)
        await together(self._hash(threads), self._sign(), *senders)

    async def _hash(self, threads: Threads) -> None:
        parts = self._source.parts(self._begun.part_size, self._control.check_halted)
        while (part := await threads.run(_next, parts)) is not None:
            if part.number in self._begun.arrived and self._is_the_same(part):
                self._done += part.length
                self._source.release(part)
                continue
            self.phase = "transferring"
            if part.number in self._begun.arrived:
                # Until the new one has arrived, nobody knows which of the two is there.
                self._begun.arrived.remove(part.number)
                self._know(part.number, _UNKNOWN)
            else:
                self._know(part.number, part.sha256)
            await self._hashed.put(part)
        await self._hashed.put(None)

    def _know(self, number: int, sha256: str) -> None:
        self._begun.digests[number] = sha256
        self._note({"number": number, "sha256": sha256})

    def _is_the_same(self, part: Part) -> bool:
        """Whether what has arrived is what the file has now; where only the server knows, the whole's SHA-256 will tell."""
        return self._begun.digests.get(part.number, part.sha256) == part.sha256

    async def _sign(self) -> None:
        ended = False
        while not ended:
            batch = [await self._hashed.get()]
            while len(batch) < SIGNED_AT_ONCE and not self._hashed.empty():
                batch.append(self._hashed.get_nowait())
            ended = batch[-1] is None
            await self._control.until_running()
            parts = [part for part in batch if part is not None]
            urls = await self._urls(parts) if parts else {}
            for part in parts:
                await self._signed.put((part, urls[part.number]))
        for _ in range(self._settings.parallel):
            await self._signed.put(None)

    async def _urls(self, parts: list[Part]) -> dict[int, Url]:
        body: Json = {"numbers": [part.number for part in parts]}
        if self._begun.checksums:
            body["sha256"] = {str(part.number): part.sha256 for part in parts}
        said = await self._api.call("POST", f"/v1/files/{self._begun.file_id}/parts", body)
        return {each["number"]: Url(each["url"], each.get("headers") or {}) for each in said["parts"]}

    async def _send(self, threads: Threads, connection: ByteConnection) -> None:
        while (work := await self._signed.get()) is not None:
            part, url = work
            await self._delivered(threads, connection, part, url)
            self._under_way.pop(part.number, None)
            self._done += part.length
            self._begun.arrived.add(part.number)
            if self._begun.digests[part.number] != part.sha256:
                self._know(part.number, part.sha256)
            self._source.release(part)

    async def _delivered(self, threads: Threads, connection: ByteConnection, part: Part, url: Url) -> None:
        async def attempt(tries: int) -> Answer:
            self._under_way[part.number] = 0
            fresh = url if tries == 0 else (await self._urls([part]))[part.number]
            return await threads.run(self._put, connection, part, fresh)

        async def judge(_: Answer, fate: Fate) -> None:
            self._under_way[part.number] = 0
            if fate is Fate.OTHER_BYTES:
                file, offset = self._source.opened(part)
                if await threads.run(sha256_of, file, offset, part.length) != part.sha256:
                    raise FileChanged(f"The file was changed while it was being uploaded (part {part.number})")

        await self._tries.through(f"part {part.number}", attempt, judge)

    def _put(self, connection: ByteConnection, part: Part, url: Url) -> Answer:
        file, offset = self._source.opened(part)

        def sent(count: int) -> None:
            self._under_way[part.number] += count
            self._control.check()

        self._control.check()
        return connection.put(url.url, url.headers, file, offset, part.length, sent)

    async def _completed(self) -> Json:
        file_id = self._begun.file_id
        body = {"file_id": file_id, "sha256": self._source.sha256}
        file = await self._api.call("POST", "/v1/files/complete", body)
        return await verified(self._api, file, self._source.size, self._note_checked)

    def _note_checked(self, checked: int) -> None:
        self._checked = checked

    def _settled(self, file: Json) -> Json:
        if file["status"] != "completed":
            raise FileRejected(file)
        self._done, self.phase = self._source.size, "completed"
        return file


async def verified(api: Api, file: Json, size: int, on_checked: Callable[[int], None] = lambda _: None) -> Json:
    """The file when the server has checked it. Raises Unreachable: not in due time."""
    if file["status"] != "verifying":
        return file
    patience_s = api.patience_s + size / _CHECKED_BYTES_S
    path = f"/v1/files/{file['file_id']}"

    def is_over(said: Json) -> bool:
        on_checked(int(said.get("verification", {}).get("checked_bytes", 0)))
        return bool(said["status"] != "verifying")

    return await poll(lambda: api.call("GET", path), is_over, patience_s)


def _next(parts: Iterator[Part]) -> Part | None:
    return next(parts, None)
