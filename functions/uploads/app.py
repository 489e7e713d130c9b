"""Uploads in parts: begun, signed and completed here. The parts go from the client to S3."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.files
import chat4all.sessions
import chat4all.upload_completion
import chat4all.uploads  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.upload import Begin, Finish, Sign
from chat4all.files import document
from chat4all.http.api import Api, created, json_response, path_id
from chat4all.stores.files import VERIFYING

api = Api("uploads")
handler = api.handle


@api.post("/v1/files/initiate")
def initiate() -> Response[str]:
    """201 with the file, how it is cut, and the addresses of its first parts."""
    owner_id = app().sessions.live(api.caller(), api.session_id)
    file, parts = app().uploads.begin(owner_id, api.body(Begin), api.idempotency_key())
    return created(document(file) | parts)


@api.post("/v1/files/<file_id>/parts")
def sign(file_id: str) -> dict[str, Any]:
    """Addresses of parts."""
    owner_id = app().sessions.live(api.caller(), api.session_id)
    return app().uploads.sign(owner_id, path_id(file_id, "file"), api.body(Sign))


@api.post("/v1/files/complete")
def complete() -> Response[str]:
    """200 with the file, completed or failed; 202 while it is being verified."""
    owner_id = app().sessions.live(api.caller(), api.session_id)
    file = app().upload_completion.complete(owner_id, api.body(Finish))
    return json_response(202 if file.status == VERIFYING else 200, document(file))
