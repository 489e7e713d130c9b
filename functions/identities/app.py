"""/v1/users/me/identities: addresses on channels that a user has shown to be theirs."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.http.api import Api, json_response, no_content
from chat4all.identities import LinkBody, VerifyBody, WhichOnes

api = Api("identities")
handler = api.handle


def caller() -> str:
    """Whose addresses they are, in a session that has not ended."""
    return app().sessions.live(api.caller(), api.session_id)


@api.get("/v1/users/me/identities/<channel>")
def list_all(channel: str) -> dict[str, Any]:
    """What is linked, and what waits for its code."""
    return app().identities.list(caller(), channel)


@api.put("/v1/users/me/identities/<channel>")
def request(channel: str) -> Response[str]:
    """202: a code goes to the address, if anything can."""
    with api.audited(Action.IDENTITY_REQUEST) as deed:
        user_id, body = caller(), api.body(LinkBody)
        deed.details |= {"channel": channel, "account_id": body.account_id}
        return json_response(202, app().identities.request(user_id, channel, body))


@api.post("/v1/users/me/identities/<channel>/verify")
def verify(channel: str) -> dict[str, Any]:
    """The address, which is the user's from now on."""
    with api.audited(Action.IDENTITY_LINK) as deed:
        deed.details |= {"channel": channel}
        return app().identities.verify(caller(), channel, api.body(VerifyBody))


@api.delete("/v1/users/me/identities/<channel>")
def unlink(channel: str) -> Response[str]:
    """What is written from there comes from a new guest."""
    with api.audited(Action.IDENTITY_UNLINK) as deed:
        deed.details |= {"channel": channel}
        app().identities.unlink(caller(), channel, api.query(WhichOnes))
    return no_content()
