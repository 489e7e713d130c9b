"""/v1/files: small files in, and every file shown, signed and deleted. Bytes of downloads never pass here."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.downloads
import chat4all.files
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.files import NewFile
from chat4all.http import shared_links
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.http.file_form import file_form

api = Api("files")
handler = api.handle


@api.post("/v1/files")
def create() -> Response[str]:
    """201 with the file: multipart/form-data with the part `file`, and fields `kind` and `sha256` at will."""
    owner_id = app().sessions.live(api.caller(), api.session_id)
    form, key = file_form(api.header("content-type"), api.raw_body()), api.idempotency_key()
    command = NewFile(owner_id, form.filename, form.content_type, form.body, key=key, **form.fields)
    return created(app().files.create(command))


@api.get("/v1/files/<file_id>")
def get(file_id: str) -> dict[str, Any]:
    """The file."""
    return app().files.get(api.caller(), path_id(file_id, "file"))


@api.get("/v1/files/<file_id>/presigned")
def presigned(file_id: str) -> dict[str, Any]:
    """An address for the download."""
    return app().downloads.presigned(api.caller(), path_id(file_id, "file"))


@api.delete("/v1/files/<file_id>")
def delete(file_id: str) -> Response[str]:
    """204."""
    caller = app().sessions.live(api.caller(), api.session_id)
    app().files.delete(caller, path_id(file_id, "file"))
    return no_content()


@api.get("/files/<file_id>/<token>")
@api.resolver.head("/files/<file_id>/<token>")
def shared(file_id: str, token: str) -> Response[str]:
    """The link that a channel's text carries, for whoever has it."""
    method = api.resolver.current_event.http_method
    asked = {"headers": api.all_headers(), "query": api.query_parameters()}
    return shared_links.answer(app().downloads, method, file_id, token, **asked)
