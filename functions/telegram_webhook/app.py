"""What Telegram calls: updates of a bot (setWebhook). Anything but 2xx makes Telegram send the update again."""

from aws_lambda_powertools.event_handler import Response

import chat4all.channels.acceptance
import chat4all.channels.contacts
import chat4all.channels.telegram.receive
import chat4all.channels.unknown_payloads
import chat4all.conversations
import chat4all.members
import chat4all.passwords
import chat4all.sessions
import chat4all.users  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.http.api import Api, json_response, path_id

api = Api("telegram_webhook")
handler = api.handle


@api.post("/channels/telegram/<account_id>/webhook")
def webhook(account_id: str) -> Response[str]:
    """200 when the update is durable."""
    secret = api.header("X-Telegram-Bot-Api-Secret-Token")
    app().telegram_receiver.receive(path_id(account_id, "account"), secret, api.raw_body())
    return json_response(200, {})
