"""What a Telegram account holds, and how Telegram is told where to call us."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from chat4all.channels.telegram.client import Clients
from chat4all.channels.telegram.errors import plain
from chat4all.channels.telegram.limits import UPLOAD_MAX_MB_SELF_HOSTED
from chat4all.errors import Invalid, Unavailable
from chat4all.validation import Input

SECRETS = ("bot_token", "webhook_secret")
"""Settings that are never read back."""
UPDATES = ("message", "edited_message", "message_reaction", "callback_query", "my_chat_member")
"""What is asked for (allowed_updates): reactions come only to who names them. What is not handled is kept."""


class Settings(Input):
    """Settings of an account."""

    bot_token: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}:[A-Za-z0-9_-]{35}$")]
    webhook_secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,256}$")] | None = None
    """Comes with each update as X-Telegram-Bot-Api-Secret-Token; made where it is left out."""
    api_base: Annotated[str, StringConstraints(max_length=256)] | None = None
    """Stands for https://api.telegram.org: a self-hosted Bot API server, or a simulator."""
    upload_max_mb: Annotated[int, Field(ge=1, le=UPLOAD_MAX_MB_SELF_HOSTED)] | None = None
    """Megabytes of the largest upload: 50, or what a self-hosted server takes (2,000) within 20 s."""


def complete(settings: Settings) -> dict[str, Any]:
    """Settings as they are stored."""
    stored = settings.model_dump(exclude_none=True)
    return {"webhook_secret": secrets.token_urlsafe(32)} | stored


def key(settings: Mapping[str, Any]) -> str:
    """The bot's id: a token is `<bot id>:<secret>`, and the bot stays the same when its secret is renewed."""
    return str(settings["bot_token"]).partition(":")[0]


def register(settings: dict[str, Any], webhook_url: str) -> None:
    """Have Telegram call `webhook_url` (setWebhook).

    Raises:
        Invalid: code `provider_refused`, with Telegram's words.
        Unavailable: Telegram cannot be reached, or has no time.
    """

    async def set_webhook(bot: Bot) -> None:
        await bot.set_webhook(webhook_url, secret_token=settings["webhook_secret"], allowed_updates=UPDATES)

    try:
        _once(settings, set_webhook)
    except (InvalidToken, Forbidden) as error:
        raise _refused("/settings/bot_token", error) from error
    except BadRequest as error:
        raise _refused("/settings", error) from error
    except TelegramError as error:
        raise Unavailable(f"Telegram cannot be reached: {plain(error)}. Nothing was kept.") from error


def unregister(settings: dict[str, Any]) -> None:
    """Have Telegram call nobody (deleteWebhook); raises Unavailable."""

    async def delete_webhook(bot: Bot) -> None:
        await bot.delete_webhook()

    try:
        _once(settings, delete_webhook)
    except TelegramError as error:
        raise Unavailable(f"Telegram did not take it: {plain(error)}") from error


def _once(settings: dict[str, Any], use: Any) -> None:
    clients = Clients()
    try:
        clients.run(settings["bot_token"], settings.get("api_base"), use)
    finally:
        clients.close()


def _refused(pointer: str, error: TelegramError) -> Invalid:
    return Invalid.at(pointer, f"Telegram refuses it: {plain(error)}", "provider_refused")
