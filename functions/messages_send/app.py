"""POST /v1/messages: 202 is the promise that the message reaches every recipient."""

from aws_lambda_powertools.event_handler import Response

from chat4all.bootstrap import app
from chat4all.domain.message import SendBody
from chat4all.http.api import Api, json_response
from chat4all.message_commands import send_command

api = Api("messages_send")
handler = api.handle


@api.post("/v1/messages")
def send() -> Response[str]:
    """202 {status, message_id, conversation_id, seq, created_at}."""
    command = send_command(api.caller(), api.body(SendBody), api.idempotency_key())
    return json_response(202, app().sending.send(command).document())
