"""API Gateway's WebSocket API on loopback: `server.WebSocketApiServer`."""
