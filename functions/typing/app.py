"""POST /v1/conversations/{id}/typing: somebody is writing, or has stopped."""

from typing import Any

import chat4all.typing  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.signals import TypingBody
from chat4all.http.api import Api, path_id

api = Api("typing")
handler = api.handle


@api.post("/v1/conversations/<conversation_id>/typing")
def tell(conversation_id: str) -> dict[str, Any]:
    """For how long it is shown."""
    body = api.body_or(TypingBody())
    return app().typing.tell(api.caller(), path_id(conversation_id, "conversation"), stopped=body.stopped)
