"""A Telegram that fits on a laptop: the Bot API on one side, phones on the other (core.telegram.org/bots/api)."""

from local.simulators.telegram.server import Telegram

__all__ = ["Telegram"]
