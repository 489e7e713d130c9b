"""Telegram, by a bot (core.telegram.org/bots/api). The file names are the same in every channel:

`account` what an account holds and how the provider is told of us; `parse` payloads into our words (pure); `receive` the
webhook; `parts` and `limits` our messages into what the provider takes (pure); `send` the connector; `errors` the provider's
errors as fates; `client` the provider's own client library.
"""
