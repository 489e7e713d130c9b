"""The client: what a program imports."""

import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

import httpx

from chat4all_client import download as downloads
from chat4all_client import journal, uploads
from chat4all_client.api import Api, Json
from chat4all_client.control import Control
from chat4all_client.errors import ApiError, Cancelled, ChecksumMismatch, FileChanged, FileRejected
from chat4all_client.operations import Operations
from chat4all_client.parts import FileSource, Source, StreamSource
from chat4all_client.progress import Meter, OnProgress
from chat4all_client.sign_in import SignIn, Tokens, TokenSource
from chat4all_client.transfers import Settings, alongside, told, unless_cancelled
from chat4all_client.upload import Begun, Upload, verified


class Client:
    """One user of one server. `async with Client("https://…", username="ana", password="…") as client: …`

    `base_url` is that of the HTTP API. Signed in by `token` (renewed where there is a `refresh_token`), by `username` and
    `password`, or by a `sign_in` of one's own; with none of them only what is open to all can be asked.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        refresh_token: str | None = None,
        username: str | None = None,
        password: str | None = None,
        on_tokens: Callable[[Tokens], None] = lambda _: None,
        sign_in: TokenSource | None = None,
        settings: Settings | None = None,
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ValueError(f"base_url begins with http:// or https://, not {base_url!r}")
        self.base_url = base_url.rstrip("/")
        self.settings = settings or Settings()
        tokens = Tokens(token, refresh_token) if token is not None else None
        if sign_in is None and (tokens is not None or username is not None):
            sign_in = SignIn(tokens, username, password, on_tokens)
        self._http = httpx.AsyncClient(base_url=self.base_url, timeout=30.0, verify=self.settings.tls)
        self.api = Api(self._http, sign_in, self.settings.patience_s)
        self.operations = Operations(self.api)
        """A method for each operation of the HTTP API."""

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def upload(
        self,
        path: str | Path,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        kind: str | None = None,
        part_size: int | None = None,
        file_id: str | None = None,
        on_progress: OnProgress = lambda _: None,
        control: Control | None = None,
    ) -> Json:
        """Upload a file, or go on where an earlier call for it, of this process or another, was broken off.

        What is said of the file counts where an upload begins; one that is gone on with stays as it was begun.
        With `file_id` it goes on with that upload, which may have been begun on another machine. `part_size` in bytes, chosen by
        the server where it is not given.

        Returns:
            The file as the API shows it, `completed`: its SHA-256 is that of the bytes that were read here.

        Raises:
            Unreachable: call again to go on. Cancelled: by `control`; the server keeps nothing.
            FileChanged: while it was read; call again, and what changed is sent anew. FileRejected: by the server's checks.
            UnderWay: by another process. ApiError, OSError.
        """
        control, path = control or Control(), Path(path)
        source = FileSource(path)
        try:
            body = uploads.wish(source, filename or path.name, content_type, kind, part_size)
            if file_id is not None:
                return await self._moved(source, await uploads.join(self.api, file_id, source), on_progress, control)
            with journal.opened(uploads.journal_path(self.base_url, path)) as kept:
                resumable = uploads.Resumable(self.api, kept, self.base_url)
                begun = await resumable.begin(source, body)
                try:
                    file = await self._moved(source, begun, on_progress, control, kept)
                except (Cancelled, FileRejected):
                    kept.remove()
                    raise
                except ApiError as error:
                    if error.code in uploads.OVER:
                        kept.remove()
                    raise
                kept.remove()
                return file
        finally:
            source.close()

    async def upload_stream(
        self,
        stream: IO[bytes],
        *,
        size: int,
        filename: str,
        content_type: str | None = None,
        kind: str | None = None,
        part_size: int | None = None,
        on_progress: OnProgress = lambda _: None,
        control: Control | None = None,
    ) -> Json:
        """Upload what can be read once, and has `size` bytes; parts wait in temporary files until they have arrived.

        Returns and raises as `upload` does; but nothing can go on with it after a death, and where it fails nothing is kept.
        """
        source = StreamSource(stream, size)
        body = uploads.wish(source, filename, content_type, kind, part_size)
        begun = await uploads.initiate(self.api, body, str(uuid.uuid4()))
        try:
            return await self._moved(source, begun, on_progress, control or Control())
        except Cancelled:
            raise
        except BaseException:
            await uploads.abort(self.api, begun.file_id)
            raise
        finally:
            source.close()

    async def download(
        self,
        file_id: str,
        path: str | Path,
        *,
        overwrite: bool = False,
        on_progress: OnProgress = lambda _: None,
        control: Control | None = None,
    ) -> Path:
        """Get a file to `path`, or into the folder `path` under its own name; go on where an earlier call was broken off.

        It grows as `<name>.part` and gets its name when its SHA-256 is the file's.

        Returns:
            Where it is.

        Raises:
            Unreachable: call again to go on. Cancelled: by `control`; ChecksumMismatch, FileChanged: nothing is kept.
            FileExistsError: something is there, and `overwrite` was not asked for.
            UnderWay: by another process. ApiError, OSError.
        """
        control = control or Control()
        wanted = await downloads.wanted(self.api, file_id)
        target = downloads.target(Path(path), wanted, overwrite=overwrite)
        with journal.opened(target.with_name(f"{target.name}.part.journal")) as kept:
            download = downloads.Download(self.api, wanted, target, kept, self.settings, control)
            meter = Meter(wanted.size, file_id)
            telling = told(meter, download.shown_phase, download.bytes_done, on_progress)
            try:
                await unless_cancelled(control, alongside(download.run(), telling))
            except (Cancelled, FileChanged, ChecksumMismatch):
                download.discard()
                raise
            finally:
                on_progress(meter.read(download.shown_phase(), download.bytes_done()))
        return target

    async def cancel_upload(self, path: str | Path) -> bool:
        """Abort the upload of a file that was begun and left on this machine; False where there is none."""
        place = uploads.journal_path(self.base_url, Path(path))
        with journal.opened(place) as kept:
            file_id = uploads.Resumable(self.api, kept, self.base_url).file_id
            if file_id is not None:
                await uploads.abort(self.api, file_id)
            kept.remove()
        return file_id is not None

    async def _moved(
        self,
        source: Source,
        begun: Begun | Json,
        on_progress: OnProgress,
        control: Control,
        kept: journal.Journal | None = None,
    ) -> Json:
        if not isinstance(begun, Begun):
            return await verified(self.api, begun, source.size)
        upload = Upload(self.api, source, begun, self.settings, control, kept.note if kept else lambda _: None)
        meter = Meter(source.size, begun.file_id)
        telling = told(meter, upload.shown_phase, upload.bytes_done, on_progress)
        try:
            return await unless_cancelled(control, alongside(upload.run(), telling))
        except Cancelled:
            await uploads.abort(self.api, begun.file_id)
            raise
        finally:
            on_progress(meter.read(upload.shown_phase(), upload.bytes_done()))
