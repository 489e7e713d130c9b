"""What Telegram calls: updates of a bot (setWebhook). Anything but 2xx makes Telegram send the update again."""

from chat4all.bootstrap import app
from chat4all.channels.webhook_function import webhook_function

handler = webhook_function(app, "telegram")
