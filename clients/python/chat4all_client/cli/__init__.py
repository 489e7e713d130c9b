"""The command `chat4all`: everything the HTTP API does, from a terminal or a script."""
