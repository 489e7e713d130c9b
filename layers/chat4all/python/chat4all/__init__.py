"""Chat4All: people on an app, WhatsApp, Messenger, Instagram and Telegram in one ordered conversation.

`domain` holds the rules (pure), `stores` the DynamoDB tables, `kafka` the topics, `channels` the providers,
`http` and `websocket` the edges, and `bootstrap` puts them together. The functions in `functions/` call services only.
"""
