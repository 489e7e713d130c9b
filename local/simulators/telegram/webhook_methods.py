"""Methods of the Bot API about getting updates (core.telegram.org/bots/api, "Getting updates")."""

import re
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

from yarl import URL

from local.simulators.telegram.errors import BotApiError, bad_request
from local.simulators.telegram.parameters import Parameters
from local.simulators.telegram.storage import Row, Storage
from local.simulators.telegram.webhooks import Deliverer

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LONGEST_POLL_S = 50


class WebhookMethods:
    """Webhooks and getUpdates, of which a bot has one at a time."""

    def __init__(self, storage: Storage, deliverer: Deliverer) -> None:
        self._storage = storage
        self._deliverer = deliverer
        self._polls: dict[int, object] = {}

    def table(self) -> dict[str, Callable[[Row, Parameters], Awaitable[Any]]]:
        """By name in lower case."""
        return {
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "getupdates": self.get_updates,
        }

    async def set_webhook(self, bot: Row, parameters: Parameters) -> Any:
        url = parameters.text("url")
        if not url:
            return await self.delete_webhook(bot, parameters)
        _check_url(url)
        secret = parameters.text("secret_token")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        allowed = bot["allowed_updates"]
        if parameters.has("allowed_updates"):
            allowed = _names(parameters.document("allowed_updates", list))
        connections = parameters.integer("max_connections", 40)
        if parameters.flag("drop_pending_updates"):
            self._storage.forget_all_but(bot["id"], 0)
        self._storage.set_webhook(bot["id"], url, secret, allowed, min(max(connections, 1), 100))
        self._deliverer.start_anew(bot["id"])
        return True

    async def delete_webhook(self, bot: Row, parameters: Parameters) -> Any:
        if parameters.flag("drop_pending_updates"):
            self._storage.forget_all_but(bot["id"], 0)
        self._storage.set_webhook(bot["id"], "", "", bot["allowed_updates"], 40)
        self._deliverer.start_anew(bot["id"])
        return True

    async def get_webhook_info(self, bot: Row, _parameters: Parameters) -> Any:
        info: dict[str, Any] = {
            "url": bot["webhook_url"],
            "has_custom_certificate": False,
            "pending_update_count": self._storage.update_count(bot["id"]),
        }
        if bot["webhook_url"]:
            info["max_connections"] = bot["max_connections"]
        if bot["allowed_updates"]:
            info["allowed_updates"] = bot["allowed_updates"]
        if bot["last_error_date"]:
            info |= {"last_error_date": bot["last_error_date"], "last_error_message": bot["last_error_message"]}
        return info

    async def get_updates(self, bot: Row, parameters: Parameters) -> Any:
        """Waits up to `timeout` seconds; a second poll of the same bot ends the first with 409, as Telegram does."""
        _refuse_beside_webhook(bot)
        if parameters.has("allowed_updates"):
            self._storage.set_allowed_updates(bot["id"], _names(parameters.document("allowed_updates", list)))
        offset = parameters.integer("offset")
        if offset < 0:
            self._storage.forget_all_but(bot["id"], -offset)
        self._storage.forget_updates(bot["id"], offset)
        limit = min(max(parameters.integer("limit", 100), 1), 100)
        until = time.monotonic() + min(max(parameters.integer("timeout"), 0), _LONGEST_POLL_S)
        mine = self._polls[bot["id"]] = object()
        self._deliverer.wake(bot["id"])
        while not (found := self._storage.updates(bot["id"], limit)) and (left_s := until - time.monotonic()) > 0:
            await self._deliverer.arrival(bot["id"], left_s)
            _refuse_beside_webhook(self._storage.bot(bot["id"]) or bot)
            if self._polls[bot["id"]] is not mine:
                raise BotApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return found


def _refuse_beside_webhook(bot: Row) -> None:
    if bot["webhook_url"]:
        raise BotApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active;"
            " use deleteWebhook to delete the webhook first",
        )


def _names(values: Any) -> list[str]:
    return [str(value) for value in values or ()]


def _check_url(text: str) -> None:
    """https anywhere; http only to this machine, as a self-hosted Bot API server in local mode allows."""
    try:
        url = URL(text)
        host = url.host or ""
    except ValueError:
        raise bad_request("bad webhook: invalid URL specified") from None
    if not host or url.scheme not in ("http", "https"):
        raise bad_request("bad webhook: invalid URL specified")
    if url.scheme == "http" and not _is_loopback(host):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
