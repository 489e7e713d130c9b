"""Files of phones: uploaded before they are sent, and looked at in messages (described in `phones.py`)."""

from typing import Any

from aiohttp import web

from local.page_headers import PAGE_HEADERS
from local.simulators.phone_requests import PhoneError, answering
from local.simulators.telegram.file_store import FileStore
from local.simulators.telegram.media import sniffed
from local.simulators.telegram.phone_paths import PhonePaths

_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/")


class PhoneFiles:
    """A file may be as large as a request."""

    def __init__(self, files: FileStore, paths: PhonePaths) -> None:
        self._files = files
        self._paths = paths

    def add_to(self, app: web.Application) -> None:
        app.router.add_put("/phones/api/phones/{phone}/uploads/{name}", answering(self.upload))
        app.router.add_get("/phones/api/files/{file}", self.show)

    async def upload(self, request: web.Request) -> Any:
        """PUT, which a page of another site cannot send without being asked first."""
        self._paths.person(request)
        name = request.match_info["name"][:120]
        try:
            data = await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise PhoneError(413, "the file is larger than the simulator takes") from None
        if not data:
            raise PhoneError(400, "the file is empty")
        row = self._files.add("document", data, sniffed(data) or request.content_type, name)
        return 201, {
            "media_id": row["id"],
            "mime_type": row["mime"],
            "size": row["size"],
            "filename": name,
            "url": f"/phones/api/files/{row['id']}",
        }

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Pictures, sound and films are shown; everything else is a download, whatever it says that it is."""
        row = self._files.get(request.match_info["file"])
        if row is None:
            return web.json_response({"error": "there is no such file"}, status=404)
        shown = row["mime"].startswith(_SHOWN)
        headers = dict(PAGE_HEADERS) | {"Content-Type": row["mime"] if shown else "application/octet-stream"}
        if not shown:
            headers["Content-Disposition"] = "attachment"
        return web.FileResponse(self._files.bytes_at(row), headers=headers)
