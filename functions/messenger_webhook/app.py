"""What Meta calls for Messenger: the handshake (GET), and what contacts say (POST)."""

from chat4all.bootstrap import app
from chat4all.channels.webhook_function import webhook_function

handler = webhook_function(app, "messenger")
