"""Files up and down, with progress; what is broken off goes on with the same command."""

from typing import Any

import click

from chat4all_client.cli.given import Given
from chat4all_client.cli.output import one_line
from chat4all_client.cli.special import special
from chat4all_client.progress_lines import Lines, lines_for

_PATIENCE_S = 300.0
_UPLOAD = ("initiateUpload", "signUploadParts", "completeUpload", "getFile")


def _parallel() -> click.Option:
    return click.Option(["--parallel"], type=click.IntRange(1, 64), default=4, show_default=True, help="Parts at once.")


def _upload_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["file"], type=click.Path()),
        click.Option(["--filename"], help="Its name for others."),
        click.Option(["--content-type"], help="By default as its name says."),
        click.Option(["--kind"], help="image, video, audio, voice, document, sticker or animation."),
        click.Option(["--part-size"], type=click.INT, help="Bytes."),
        click.Option(["--file-id"], help="Go on with this upload, which was begun on another machine."),
        _parallel(),
    ]


@special("upload", operations=_UPLOAD, parameters=_upload_parameters)
async def upload(given: Given, file: str, parallel: int, **said: Any) -> None:
    """Upload a file, or go on with it. Prints its id."""
    async with given.client(patience_s=_PATIENCE_S, parallel=parallel) as client:
        with _Telling(given) as lines:
            done = await client.upload(file, on_progress=lines.progress, **said)
            lines.completed(done | {"file_id": one_line(str(done["file_id"]))})


def _download_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["file_id"], metavar="FILE_ID"),
        click.Option(["--to"], type=click.Path(), default=".", help="File or folder (this one)."),
        click.Option(["--force"], is_flag=True, help="Replace what is there."),
        _parallel(),
    ]


@special("download", operations=("getFile", "getFileDownload"), parameters=_download_parameters)
async def download(given: Given, file_id: str, to: str, force: bool, parallel: int) -> None:
    """Get a file, or go on with it. Prints where it is."""
    async with given.client(patience_s=_PATIENCE_S, parallel=parallel) as client:
        with _Telling(given) as lines:
            try:
                path = await client.download(file_id, to, overwrite=force, on_progress=lines.progress)
            except OSError as error:
                error.filename = error.filename or to  # a write does not say where it failed
                raise
            lines.completed({"file_id": file_id, "path": str(path)})


@special("cancel", operations=("deleteFile",), parameters=lambda: [click.Argument(["file"], type=click.Path())])
async def cancel(given: Given, file: str) -> None:
    """Give up an upload that was left."""
    async with given.client() as client:
        with _Telling(given) as lines:
            lines.cancelled(await client.cancel_upload(file))


class _Telling:
    """The lines of a transfer; what is said of its failure begins in a line of its own."""

    def __init__(self, given: Given) -> None:
        self._lines = lines_for(given.as_json, given.quiet)

    def __enter__(self) -> Lines:
        return self._lines

    def __exit__(self, *_: object) -> None:
        self._lines.end_line()
