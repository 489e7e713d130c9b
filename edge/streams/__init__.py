"""StreamEvents: what a user's WebSocket would be told, read from the topic chat4all.events."""
