"""What WhatsApp, Messenger and Instagram share (developers.facebook.com/docs/graph-api): not a channel itself.

`signature` and `challenge` of webhooks; `graph` a client of the Graph API; `errors` its errors as fates.
"""
