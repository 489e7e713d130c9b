"""GET /v1/users/me/export: everything that is kept of the caller."""

from contextlib import nullcontext
from typing import Any

import chat4all.audit
import chat4all.export.export
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.http.api import Api
from chat4all.pages import PageParameters

api = Api("export")
handler = api.handle


@api.get("/v1/users/me/export")
def export() -> dict[str, Any]:
    """A page of it; that it was begun is recorded with the first one."""
    asked = api.query(PageParameters)
    with api.audited(Action.USER_EXPORT) if asked.cursor is None else nullcontext():
        user_id = app().sessions.live(api.caller(), api.session_id)
        return app().export.page(user_id, asked.limit, asked.cursor)
