"""Telegram, by a bot (core.telegram.org/bots/api). The file names are the same in every channel:

`account` what an account holds and how the provider is told of us; `webhook` whether a call is the provider's; `parse` payloads
into our words (pure), with `media`, `origin`, `reactions` and `values`; `parts` and `limits` our messages into what the provider
takes (pure); `errors` the provider's errors as fates; `send` what is done there, with `calls` (methods), `upload`, `download` and
`client`, the provider's own client library.
"""
