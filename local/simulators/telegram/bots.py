"""Bots and their tokens. There is no BotFather to ask: the first use of a well-formed token makes its bot."""

import re
import secrets

from local.simulators.telegram.errors import BotApiError
from local.simulators.telegram.storage import Row, Storage

_TOKEN = re.compile(r"(?P<id>[1-9][0-9]{0,15}):(?P<secret>[A-Za-z0-9_-]{35})")


def known_bot(storage: Storage, token: str) -> Row:
    """The bot of `token`; made where its id is new. Another secret for a known id is a revoked token: 401, as on Telegram."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BotApiError(401, "Unauthorized")
    bot_id = int(found["id"])
    bot = storage.bot(bot_id)
    if bot is None:
        return _add(storage, bot_id, found["secret"], f"Bot {bot_id}", f"bot{bot_id}_bot")
    if not secrets.compare_digest(bot["secret"], found["secret"]):
        raise BotApiError(401, "Unauthorized")
    return bot


def new_bot(storage: Storage, name: str) -> tuple[Row, str]:
    """A bot as BotFather makes it: with a new token, which is told once."""
    bot_id = 0
    while bot_id == 0 or storage.bot(bot_id) is not None:
        bot_id = 1_000_000_000 + secrets.randbelow(9_000_000_000)
    secret = _new_secret()
    stem = re.sub(r"[^A-Za-z0-9]", "", name)[:20]
    bot = _add(storage, bot_id, secret, name, f"{stem or 'a'}{bot_id % 10_000}_bot")
    return bot, f"{bot_id}:{secret}"


def revoked(storage: Storage, bot: Row) -> str:
    """A new token, as BotFather's /revoke gives it; the former one is refused from now on."""
    secret = _new_secret()
    storage.set_secret(bot["id"], secret)
    return f"{bot['id']}:{secret}"


def _new_secret() -> str:
    return "AA" + secrets.token_urlsafe(25)[:33]


def _add(storage: Storage, bot_id: int, secret: str, name: str, username: str) -> Row:
    # Telegram starts update_id at any number, so nothing may rely on 1.
    storage.add_bot(bot_id, secret, name, username, 100_000_000 + secrets.randbelow(800_000_000))
    bot = storage.bot(bot_id)
    assert bot is not None
    return bot
