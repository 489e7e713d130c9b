"""The functions that providers call: one body for every channel. Anything but 2xx makes a provider call again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

import chat4all.channels.receiver
import chat4all.channels.unknown_payloads
import chat4all.conversations
import chat4all.members
import chat4all.passwords
import chat4all.sessions
import chat4all.users  # noqa: F401 - loaded in the init phase
from chat4all.channels.channel import CHANNELS
from chat4all.http.api import Api, json_response, path_id

if TYPE_CHECKING:
    from chat4all.bootstrap import App


def webhook_function(app: Callable[[], "App"], channel: str) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The Lambda handler of /channels/<channel>/{account_id}/webhook."""
    CHANNELS[channel].load("webhook", "parse")
    api = Api(f"{channel}_webhook")
    path = f"/channels/{channel}/<account_id>/webhook"

    @api.get(path)
    def challenge(account_id: str) -> Response[str]:
        """200 with the raw challenge; 403 where it is not the provider's."""
        text = app().receiver(channel).challenge(path_id(account_id, "account"), api.query_parameters())
        return Response(200, "text/plain", text, {"X-Content-Type-Options": "nosniff"})

    @api.post(path)
    def webhook(account_id: str) -> Response[str]:
        """200 when all that the body tells is durable."""
        receiver = app().receiver(channel)
        return json_response(200, receiver.receive(path_id(account_id, "account"), api.all_headers(), api.raw_body()))

    return api.handle
