"""Consumer of chat4all.outbound.telegram: sends over the Bot API and reports what came of it."""

from chat4all.bootstrap import app
from chat4all.channels.send_function import send_function

handler = send_function(app, "telegram")
