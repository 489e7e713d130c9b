"""Which upload a file belongs to: a new one, or one that another process began and left."""

import hashlib
import mimetypes
import os
import uuid
from pathlib import Path

from chat4all_client.api import Api, Json
from chat4all_client.errors import ApiError, FileChanged
from chat4all_client.journal import Journal
from chat4all_client.parts import FileSource, Source
from chat4all_client.state_folder import state_folder
from chat4all_client.upload import Begun

OVER = frozenset({"upload_over", "upload_expired", "upload_gone", "not_found", "NoSuchUpload"})
"""Codes of the API and of S3: nobody can go on with this upload."""
_VERSION = 1


def journal_path(base_url: str, path: Path) -> Path:
    """Where it is kept how far the upload of this file to this server is."""
    name = hashlib.sha256(f"{base_url}\n".encode() + os.fsencode(path.resolve())).hexdigest()[:32]
    return state_folder() / "uploads" / f"{name}.jsonl"


def wish(source: Source, filename: str, content_type: str | None, kind: str | None, part_size: int | None) -> Json:
    """Body of POST /v1/files/initiate."""
    guessed = content_type or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    # Linux has names that are no text; JSON has not.
    readable = filename.encode(errors="replace").decode()
    body: Json = {"filename": readable, "size": source.size, "content_type": guessed, "part_checksum": "sha256"}
    return body | {name: value for name, value in (("kind", kind), ("part_size", part_size)) if value is not None}


async def initiate(api: Api, body: Json, key: str) -> Begun:
    """A new upload; with the same key again, the same. Raises ApiError, Unreachable."""
    said = await api.call("POST", "/v1/files/initiate", body, key=key)
    return Begun(said["file_id"], said["part_size"])


async def join(api: Api, file_id: str, source: Source) -> Begun | Json:
    """The upload of that id, wherever it was begun; the file, where all its parts are there.

    Raises:
        ApiError: there is none. FileChanged: it is of another size.
    """
    file = await api.call("GET", f"/v1/files/{file_id}")
    if file.get("size") != source.size:
        raise FileChanged(f"The upload {file_id} is of {file.get('size')} bytes, the file has {source.size}")
    upload = file.get("upload")
    if file["status"] != "pending" or upload is None:
        return file
    return Begun(file_id, upload["part_size"], set(upload["arrived"]), upload.get("part_checksum") == "sha256")


class Resumable:
    """The upload of a file, kept in a journal so that another process can go on with it."""

    def __init__(self, api: Api, journal: Journal, base_url: str) -> None:
        self._api = api
        self._journal = journal
        self._base_url = base_url

    async def begin(self, source: FileSource, body: Json) -> Begun | Json:
        """The upload that was left, or a new one; the file itself, where it was left after the last step."""
        left = await self._left(source)
        if left is not None:
            return left
        key = str(uuid.uuid4())
        # The key first: who dies before the answer finds the same upload, not a second one.
        first = {"version": _VERSION, "base_url": self._base_url, "path": str(source.path.resolve())}
        self._journal.start({**first, "size": source.size, "mtime_ns": source.mtime_ns, "key": key, "body": body})
        return await self._initiated(body, key)

    async def _initiated(self, body: Json, key: str) -> Begun:
        try:
            begun = await initiate(self._api, body, key)
        except ApiError:
            self._journal.remove()
            raise
        self._journal.note({"file_id": begun.file_id})
        return begun

    async def _left(self, source: FileSource) -> Begun | Json | None:
        lines = self._journal.lines
        if not lines or lines[0].get("version") != _VERSION:
            return None
        first, file_id = lines[0], self.file_id
        try:
            if file_id is None:
                # Nobody knows whether the server has heard of it: with the same key it says the same.
                file_id = (await initiate(self._api, first["body"], first["key"])).file_id
                self._journal.note({"file_id": file_id})
            found = await join(self._api, file_id, source)
        except ApiError:
            return None
        except FileChanged:
            await abort(self._api, str(file_id))
            return None
        if isinstance(found, Begun):
            found.digests = {each["number"]: each["sha256"] for each in lines if "number" in each}
            return found
        return found if found["status"] != "failed" and _is_of(found, source, first) else None

    @property
    def file_id(self) -> str | None:
        """Of the upload that was begun; None where nobody has answered yet."""
        return next((str(each["file_id"]) for each in self._journal.lines if "file_id" in each), None)


async def abort(api: Api, file_id: str) -> None:
    """Have the server forget an upload, also where it already has."""
    try:
        await api.call("DELETE", f"/v1/files/{file_id}")
    except ApiError as error:
        if error.status != 404:
            raise


def _is_of(file: Json, source: FileSource, first: Json) -> bool:
    """Whether a file whose parts are all there has the bytes of `source`."""
    if file["status"] == "verifying":
        return bool(first["mtime_ns"] == source.mtime_ns)
    digest = next(iter(source.parts(source.size, lambda: None))).sha256 if source.size else None
    return bool(file.get("sha256") == digest)
